package io.registry.server.core.event;

import io.registry.api.model.ServiceKey;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Knows who asked for what is being written, so that the stores need not carry it: in a turn of the loop, and for
 * commands of this node that are on their way through the log.
 *
 * <p><b>Threading</b>: a turn's on the loop only; commands from any thread.
 */
public final class Origins {

    private record Target(ServiceKey service, String address) {}

    /** One command of somebody, and equal to none but itself: one that is done must not take away the next of the same. */
    private static final class Proposal {
        final Origin origin;

        Proposal(Origin origin) {
            this.origin = origin;
        }
    }

    /** As many commands as the log takes at once; each is removed when its stage completes. */
    private final ConcurrentMap<Target, Proposal> proposed = new ConcurrentHashMap<>();

    private @Nullable Origin present;

    /** Does a part of a turn on behalf of somebody, and returns what it returns. On the loop. */
    public <T> T during(Origin origin, Supplier<T> part) {
        present = origin;
        try {
            return part.get();
        } finally {
            present = null;
        }
    }

    /** Returns on whose behalf the turn writes at present; null for nobody. On the loop. */
    public @Nullable Origin present() {
        return present;
    }

    /**
     * Proposes a command about one instance on behalf of somebody. Where two do so at once about the same address, the
     * later one passes for both.
     *
     * @param address the instance, {@code ip:port}
     */
    public <T> CompletionStage<T> proposing(
            Origin origin, ServiceKey service, String address, Supplier<CompletionStage<T>> proposal) {
        Target target = new Target(service, address);
        Proposal mine = new Proposal(origin);
        proposed.put(target, mine);
        CompletionStage<T> stage;
        try {
            stage = proposal.get();
        } catch (RuntimeException e) {
            proposed.remove(target, mine);
            throw e;
        }
        return stage.whenComplete((done, failure) -> proposed.remove(target, mine));
    }

    /** Returns who has proposed the command that is applied to an instance; null where another node has. */
    public @Nullable Origin proposed(ServiceKey service, String address) {
        Proposal last = proposed.isEmpty() ? null : proposed.get(new Target(service, address));
        return last == null ? null : last.origin;
    }
}
