package io.registry.server.http;

import io.registry.api.error.ErrorCode;
import io.registry.api.error.RegistryException;
import io.registry.server.core.access.AccessPolicy;
import org.jspecify.annotations.Nullable;

/**
 * Has it decided whether a caller may have a call answered, and has it noted where not.
 *
 * <p><b>Threading</b>: container threads, many at once; holds nothing that changes.
 *
 * @param guard decides
 * @param witness is told of who may not
 */
public record Admission(Guard guard, CallWitness witness) {

    /**
     * Decides.
     *
     * @param access what the mapping of the call asks
     * @throws RegistryException where that cannot be decided now
     */
    AccessPolicy.Decision decide(Access access, HttpCall call) {
        try {
            AccessPolicy.Decision decision = guard.decide(access, call);
            String why = decision.refusal();
            if (why != null) {
                witness.refused(call.by(decision.principal()), guard.nameGiven(access, call), why);
            }
            return decision;
        } catch (RegistryException e) {
            String why = undecided(e.code());
            if (why != null) {
                witness.refused(call, guard.nameGiven(access, call), why);
            }
            throw e;
        }
    }

    /**
     * Says why it was not looked whether a password is right, in words that stay the same, so that many of them can be
     * counted together.
     *
     * @return null where that is not the error
     */
    public static @Nullable String undecided(ErrorCode code) {
        return switch (code) {
            case OVER_LIMIT -> "too many failed logins";
            case OVERLOADED -> "too many logins under way";
            default -> null;
        };
    }
}
