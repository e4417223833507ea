package io.registry.server.http;

import io.registry.server.core.access.AccessPolicy;
import io.registry.server.core.access.Credentials;
import io.registry.server.core.access.Resource;
import io.registry.server.core.access.Rule;
import org.jspecify.annotations.Nullable;

/**
 * Reads from a call who makes it, and asks the policy. A token is looked for in the header {@code Authorization}, in the
 * header {@code accessToken} and in the parameter of that name; a name and a password in headers and parameters, but not
 * where the call is about users and has parameters of these names of its own. Parameters come before headers.
 *
 * <p><b>Threading</b>: from any thread.
 */
public final class AccessGuard implements Guard {

    private static final String TOKEN = "accessToken";
    private static final String BEARER = "Bearer ";

    private final AccessPolicy policy;

    /** Makes the guard. */
    public AccessGuard(AccessPolicy policy) {
        this.policy = policy;
    }

    @Override
    public AccessPolicy.Decision decide(Route route, HttpCall call) {
        return policy.decide(route.rule(), credentials(route, call), Resource.EVERYTHING);
    }

    private static Credentials credentials(Route route, HttpCall call) {
        String token = token(call);
        Rule.Need need = route.rule().need();
        boolean aboutUsers = call.path().startsWith("/v1/auth/") || call.path().startsWith("/v3/auth/");
        if (token != null || aboutUsers || need == Rule.Need.NOTHING) {
            return Credentials.of(token, call.remoteAddress());
        }
        return new Credentials(null, said(call, "username"), said(call, "password"), call.remoteAddress());
    }

    private static @Nullable String token(HttpCall call) {
        String parameter = call.params().text(TOKEN);
        if (parameter != null) {
            return parameter;
        }
        String header = call.header("Authorization");
        if (header.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            return header.substring(BEARER.length()).trim();
        }
        String named = call.header(TOKEN);
        return named.isEmpty() ? null : named;
    }

    private static @Nullable String said(HttpCall call, String name) {
        String parameter = call.params().raw(name);
        if (parameter != null) {
            return parameter;
        }
        String header = call.header(name);
        return header.isEmpty() ? null : header;
    }
}
