package io.registry.server.http.ops;

import io.registry.api.error.ErrorCode;
import io.registry.api.error.RegistryException;
import io.registry.proto.json.Utf8Json;
import io.registry.server.access.Secrets;
import io.registry.server.access.Tokens;
import io.registry.server.core.access.AccessPolicy;
import io.registry.server.core.access.AccountOperator;
import io.registry.server.core.access.Glob;
import io.registry.server.core.account.Account;
import io.registry.server.core.account.Permission;
import io.registry.server.core.account.SigningKey;
import io.registry.server.http.Access;
import io.registry.server.http.Answer;
import io.registry.server.http.Dialect;
import io.registry.server.http.Envelope;
import io.registry.server.http.FormParams;
import io.registry.server.http.Handler;
import io.registry.server.http.HttpCall;
import io.registry.server.http.PageBody;
import io.registry.server.http.Refused;
import io.registry.server.http.Routes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Users, roles, permissions and keys, for the administrator; in two versions that differ in their paths and envelopes. */
public final class AccountRoutes {

    private static final int PAGE_MAX = 500;
    private static final String[] USER = {"/v1/auth/users", "/v3/auth/user"};
    private static final String[] ROLE = {"/v1/auth/roles", "/v3/auth/role"};
    private static final String[] PERMISSION = {"/v1/auth/permissions", "/v3/auth/permission"};
    private static final String KEY = "/v3/auth/key";

    private final AccountOperator accounts;
    private final AccessPolicy policy;
    private final Secrets secrets;
    private final Tokens tokens;
    private final LongSupplier wallMillis;

    /**
     * Makes the handlers.
     *
     * @param tokens what another key signs
     */
    public AccountRoutes(
            AccountOperator accounts, AccessPolicy policy, Secrets secrets, Tokens tokens, LongSupplier wallMillis) {
        this.accounts = accounts;
        this.policy = policy;
        this.secrets = secrets;
        this.tokens = tokens;
        this.wallMillis = wallMillis;
    }

    /** Adds the routes to a table. */
    public void addTo(Routes routes) {
        for (int version = 0; version < 2; version++) {
            boolean first = version == 0;
            Dialect dialect = first ? Dialect.CONSOLE_V1 : Dialect.ENVELOPE;
            Table table = new Table(routes, dialect);
            String user = USER[version];
            String role = ROLE[version];
            String permission = PERMISSION[version];
            routes.add("POST", user + "/admin", Access.OPEN, dialect, call -> thereIsOne(first));
            table.admin("POST", user, call -> create(call, first));
            routes.add("PUT", user, Access.ANY_USER, dialect, call -> change(call, first));
            table.admin("DELETE", user, call -> delete(call, first));
            table.admin("GET", user + "/search", call -> names(first, matching(call, "username", userNames())));
            table.admin("POST", role, call -> bind(call, first));
            table.admin("DELETE", role, call -> unbind(call, first));
            table.admin("GET", role + "/search", call -> names(first, matching(call, "role", roleNames())));
            table.admin("POST", permission, call -> grant(call, first));
            table.admin("DELETE", permission, call -> revoke(call, first));
        }
        Table one = new Table(routes, Dialect.CONSOLE_V1);
        one.admin("GET", USER[0], call -> Answer.json(users(call).toBytes()));
        one.admin("GET", ROLE[0], call -> Answer.json(roles(call).toBytes()));
        one.admin(
                "GET",
                PERMISSION[0],
                call -> call.params().has("search")
                        ? Answer.json(permissions(call).toBytes())
                        : exists(call));
        Table three = new Table(routes, Dialect.ENVELOPE);
        three.admin("GET", USER[1] + "/list", call -> Envelope.success(users(call)));
        three.admin("GET", ROLE[1] + "/list", call -> Envelope.success(roles(call)));
        three.admin("GET", PERMISSION[1] + "/list", call -> Envelope.success(permissions(call)));
        three.admin("GET", PERMISSION[1], this::exists);
        three.admin("GET", KEY, call -> Envelope.success(keys()));
        three.admin("POST", KEY, this::rotate);
    }

    private record Table(Routes routes, Dialect dialect) {
        void admin(String method, String path, Handler handler) {
            routes.add(method, path, Access.ADMINISTER, dialect, handler);
        }
    }

    private static Answer thereIsOne(boolean first) {
        Utf8Json body = new Utf8Json(96).beginObject().field("code", 409);
        String text = "have admin user cannot use it";
        return Answer.json((first
                        ? body.field("message", (String) null).field("data", text)
                        : body.field("message", text + ".").field("data", (String) null))
                .endObject()
                .toBytes());
    }

    private Answer create(HttpCall call, boolean first) {
        String name = required(call, "username");
        if (first && name.equals(Account.ADMINISTRATOR)) {
            throw new Refused(Answer.json(new Utf8Json(128)
                    .beginObject()
                    .field("code", 409)
                    .field("message", (String) null)
                    .field("data", "User `" + name + "` is the administrator and is there already")
                    .endObject()
                    .toBytes()));
        }
        call.await(accounts.create(name, password(call, "password")));
        return done(first, "create user ok!");
    }

    private Answer change(HttpCall call, boolean first) {
        String name = required(call, "username");
        boolean own = call.caller().name().equals(name);
        if (!own && !policy.isAdministrator(call.caller())) {
            throw new RegistryException(ErrorCode.FORBIDDEN, AccessPolicy.NOT_ALLOWED);
        }
        String password = password(call, "newPassword");
        call.await(own ? accounts.changePassword(name, password) : accounts.resetPassword(name, password));
        return done(first, "update user ok!");
    }

    private Answer delete(HttpCall call, boolean first) {
        call.await(accounts.delete(required(call, "username")));
        return done(first, "delete user ok!");
    }

    private Answer bind(HttpCall call, boolean first) {
        call.await(accounts.bind(required(call, "role"), required(call, "username")));
        return done(first, "add role ok!");
    }

    private Answer unbind(HttpCall call, boolean first) {
        String name = required(call, "username");
        call.await(accounts.unbind(required(call, "role"), name));
        return done(first, "delete role of user " + name + " ok!");
    }

    private Answer grant(HttpCall call, boolean first) {
        call.await(accounts.grant(permission(call)));
        return done(first, "add permission ok!");
    }

    private Answer revoke(HttpCall call, boolean first) {
        call.await(accounts.revoke(permission(call)));
        return done(first, "delete permission ok!");
    }

    private Answer exists(HttpCall call) {
        return Envelope.success(new Utf8Json(8).value(accounts.isGranted(permission(call))));
    }

    /** The others stay valid for as long as a token of theirs may live, unless they shall end at once. */
    private Answer rotate(HttpCall call) {
        String keep = call.params().text("keep", "true");
        if (!keep.equals("true") && !keep.equals("false")) {
            throw new RegistryException(ErrorCode.INVALID_PARAMETER, "keep: " + keep + " (expected: true or false)");
        }
        if (tokens.areKeysGiven()) {
            throw new RegistryException(
                    ErrorCode.ILLEGAL_STATE,
                    "registry.access.token-keys: set (expected: another key at its beginning, on each member, in the place"
                            + " of this call)");
        }
        long now = wallMillis.getAsLong();
        SigningKey key = secrets.signingKey(now);
        call.await(accounts.rotate(
                key, keep.equals("true") ? now + tokens.takenFor().toMillis() : now));
        return Envelope.success(new Utf8Json(32).value(key.id()));
    }

    private Utf8Json keys() {
        Utf8Json body = new Utf8Json(256).beginArray();
        for (SigningKey key : accounts.accounts().keys().values()) {
            body.beginObject()
                    .field("id", key.id())
                    .field("createdAt", key.createdAtMillis())
                    .field("validUntil", key.validUntilMillis())
                    .endObject();
        }
        return body.endArray();
    }

    /** The administrator stands first, as the first who was made. */
    private List<Account> usersInOrder() {
        List<Account> users = new ArrayList<>(accounts.accounts().users().values());
        users.sort(Comparator.comparing((Account user) -> !user.isAdministrator()));
        return users;
    }

    private Utf8Json users(HttpCall call) {
        return page(
                call,
                fitting(call, "username", usersInOrder(), Account::name),
                (body, user) -> body.beginObject()
                        .field("username", user.name())
                        .field("password", (String) null)
                        .endObject());
    }

    private record Binding(String role, String user) {}

    private Utf8Json roles(HttpCall call) {
        List<Binding> bindings = new ArrayList<>();
        for (Account user : accounts.accounts().users().values()) {
            user.roles().forEach(role -> bindings.add(new Binding(role, user.name())));
        }
        List<Binding> ofUser = fitting(call, "username", bindings, Binding::user);
        return page(
                call,
                fitting(call, "role", ofUser, Binding::role),
                (body, binding) -> body.beginObject()
                        .field("role", binding.role())
                        .field("username", binding.user())
                        .endObject());
    }

    private Utf8Json permissions(HttpCall call) {
        List<Permission> all = List.copyOf(accounts.accounts().permissions());
        return page(
                call,
                fitting(call, "role", all, Permission::role),
                (body, permission) -> body.beginObject()
                        .field("role", permission.role())
                        .field("resource", permission.resource())
                        .field("action", permission.action())
                        .endObject());
    }

    private List<String> userNames() {
        return List.copyOf(accounts.accounts().users().keySet());
    }

    private List<String> roleNames() {
        TreeSet<String> roles = new TreeSet<>();
        accounts.accounts().users().values().forEach(user -> roles.addAll(user.roles()));
        return List.copyOf(roles);
    }

    private static List<String> matching(HttpCall call, String parameter, List<String> names) {
        String part = call.params().text(parameter, "");
        return names.stream().filter(name -> name.contains(part)).toList();
    }

    private static Answer names(boolean first, List<String> names) {
        Utf8Json body = new Utf8Json(256).beginArray();
        names.forEach(body::value);
        body.endArray();
        return first ? Answer.json(body.toBytes()) : Envelope.success(body);
    }

    /** Exactly what the parameter says, or, where the search is {@code blur}, with {@code *} for any text. */
    private static <T> List<T> fitting(HttpCall call, String parameter, List<T> all, Function<T, String> name) {
        String wanted = call.params().text(parameter);
        if (wanted == null) {
            return all;
        }
        boolean blur = call.params().text("search", "accurate").equals("blur");
        return all.stream()
                .filter(each -> blur ? Glob.fits(wanted, name.apply(each)) : wanted.equals(name.apply(each)))
                .toList();
    }

    private static <T> Utf8Json page(HttpCall call, List<T> all, BiConsumer<Utf8Json, T> item) {
        FormParams params = new FormParams(call);
        int page = PageBody.positive(params, "pageNo", 1);
        int size = Math.min(PAGE_MAX, PageBody.positive(params, "pageSize", 100));
        Utf8Json body = PageBody.begin(all.size(), page, size);
        all.stream().skip((page - 1L) * size).limit(size).forEach(each -> item.accept(body, each));
        return PageBody.end(body);
    }

    private static Permission permission(HttpCall call) {
        return new Permission(required(call, "role"), required(call, "resource"), required(call, "action"));
    }

    private static Answer done(boolean first, String text) {
        return first
                ? Answer.json(new Utf8Json(96)
                        .beginObject()
                        .field("code", 200)
                        .field("message", (String) null)
                        .field("data", text)
                        .endObject()
                        .toBytes())
                : Envelope.success(new Utf8Json(64).value(text));
    }

    private static String required(HttpCall call, String name) {
        return present(name, call.params().text(name));
    }

    /** As it was sent: a password may begin or end with a blank. */
    private static String password(HttpCall call, String name) {
        return present(name, call.params().raw(name));
    }

    private static String present(String name, @Nullable String value) {
        if (Objects.requireNonNullElse(value, "").isEmpty()) {
            throw new RegistryException(ErrorCode.MISSING_PARAMETER, "Parameter '" + name + "' is missing");
        }
        return Objects.requireNonNull(value);
    }
}
