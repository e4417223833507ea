package io.registry.server.http.ops;

import io.registry.api.error.ErrorCode;
import io.registry.api.error.RegistryException;
import io.registry.proto.json.Utf8Json;
import io.registry.server.access.Logins;
import io.registry.server.access.Tokens;
import io.registry.server.core.account.Account;
import io.registry.server.core.operate.Readiness;
import io.registry.server.http.Access;
import io.registry.server.http.Answer;
import io.registry.server.http.Dialect;
import io.registry.server.http.HttpCall;
import io.registry.server.http.Routes;
import java.util.List;

/** Logging in: a name and a password for a token. Whoever is not known, for whatever reason, gets one answer. */
public final class LoginRoutes {

    /** Where one logs in. */
    static final List<String> PATHS = List.of("/v1/auth/login", "/v1/auth/users/login", "/v3/auth/user/login");

    private final Logins logins;
    private final Tokens tokens;
    private final Readiness readiness;

    /** Makes the handlers. */
    public LoginRoutes(Logins logins, Tokens tokens, Readiness readiness) {
        this.logins = logins;
        this.tokens = tokens;
        this.readiness = readiness;
    }

    /** Adds the routes to a table. */
    public void addTo(Routes routes) {
        PATHS.forEach(path -> routes.add("POST", path, Access.OPEN, Dialect.CONSOLE_V1, this::login));
    }

    private Answer login(HttpCall call) {
        String user = required(call, "username");
        String password = required(call, "password");
        if (readiness.phase() == Readiness.Phase.STARTING) {
            throw new RegistryException(ErrorCode.NOT_READY, "server is starting, please try again later!");
        }
        Account account = logins.account(user, password, call.remoteAddress());
        if (account == null) {
            return Answer.text(403, Logins.UNKNOWN);
        }
        String token = tokens.issue(account);
        return Answer.json(new Utf8Json(512)
                        .beginObject()
                        .field("accessToken", token)
                        .field("tokenTtl", tokens.life().toSeconds())
                        .field("globalAdmin", account.isAdministrator())
                        .field("username", account.name())
                        .endObject()
                        .toBytes())
                .withBearer(token);
    }

    /** As it was sent: a password may begin or end with a blank. */
    private static String required(HttpCall call, String name) {
        String value = call.params().raw(name);
        if (value == null || value.isEmpty()) {
            throw new RegistryException(ErrorCode.MISSING_PARAMETER, "Parameter '" + name + "' is missing");
        }
        return value;
    }
}
