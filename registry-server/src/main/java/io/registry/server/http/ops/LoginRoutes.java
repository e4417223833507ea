package io.registry.server.http.ops;

import io.registry.server.http.Answer;
import io.registry.server.http.Dialect;
import io.registry.server.http.Routes;

/**
 * Logging in, while there are no accounts: clients that are configured with a name and a password ask for a token before
 * anything else, and go on without one.
 */
public final class LoginRoutes {

    /** Adds the routes to a table. */
    public void addTo(Routes routes) {
        Answer refused = Answer.text(403, "user not found!");
        routes.add("POST", "/v1/auth/login", Dialect.CONSOLE_V1, call -> refused)
                .add("POST", "/v1/auth/users/login", Dialect.CONSOLE_V1, call -> refused)
                .add("POST", "/v3/auth/user/login", Dialect.CONSOLE_V1, call -> refused);
    }
}
