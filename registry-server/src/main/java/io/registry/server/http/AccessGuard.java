package io.registry.server.http;

import io.registry.server.core.access.AccessPolicy;
import io.registry.server.core.access.Credentials;
import io.registry.server.core.access.Resource;
import io.registry.server.core.access.Rule;
import org.jspecify.annotations.Nullable;

/**
 * Reads from a call who makes it, and asks the policy. A token is looked for in the parameter {@code accessToken}, and
 * in the headers {@code Authorization} and {@code accessToken}; a name and a password in the header {@code Authorization},
 * and in parameters and headers of their own, but not where the call is about users, whose these are then.
 *
 * <p><b>Threading</b>: from any thread.
 */
public final class AccessGuard implements Guard {

    private static final String TOKEN = "accessToken";

    private final AccessPolicy policy;

    /** Makes the guard. */
    public AccessGuard(AccessPolicy policy) {
        this.policy = policy;
    }

    @Override
    public AccessPolicy.Decision decide(Access access, HttpCall call) {
        Rule rule = access.rule(call);
        Resource resource =
                rule.verb() == null ? Resource.EVERYTHING : access.subject().of(call);
        return policy.decide(rule, credentials(rule, call), resource);
    }

    @Override
    public @Nullable String nameGiven(Access access, HttpCall call) {
        return credentials(access.rule(call), call).user();
    }

    private static Credentials credentials(Rule rule, HttpCall call) {
        String address = call.remoteAddress();
        String token = token(call);
        if (token != null || rule.need() == Rule.Need.NOTHING) {
            return Credentials.of(token, address);
        }
        Credentials basic = BasicLogin.read(call.header("Authorization"), address);
        if (basic != null) {
            return basic;
        }
        boolean aboutUsers = call.path().startsWith("/v1/auth/") || call.path().startsWith("/v3/auth/");
        return aboutUsers
                ? Credentials.of(null, address)
                : new Credentials(null, said(call, "username"), said(call, "password"), address);
    }

    private static @Nullable String token(HttpCall call) {
        String parameter = call.params().text(TOKEN);
        if (parameter != null) {
            return parameter;
        }
        String bearer = Credentials.bearer(call.header("Authorization"));
        if (bearer != null) {
            return bearer;
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
