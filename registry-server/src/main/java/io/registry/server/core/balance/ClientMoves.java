package io.registry.server.core.balance;

import io.registry.distro.model.ClientId;
import io.registry.distro.port.DistroClock;
import io.registry.distro.port.DistroTimer;
import io.registry.distro.port.Jitter;
import io.registry.server.core.client.ClientManager;
import io.registry.server.core.client.ClientResets;
import io.registry.server.core.cluster.HostPort;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Asks clients of this node to leave for other members: a few at a time, at a pace, with chance in it. One round is under
 * way at a time; another one takes its place.
 *
 * <p>Who has been connected the longest is asked first, so that a client which comes back is the last to be asked again;
 * and who was asked and has stayed is left alone for a while.
 *
 * <p><b>Threading</b>: on the loop; the counter from any thread.
 */
final class ClientMoves {

    /** How long a client that was asked may take to connect elsewhere and end its connection here. */
    static final Duration PATIENCE = Duration.ofSeconds(10);

    /** How long a client that was asked and has stayed is left alone. */
    private static final Duration ASK_AGAIN = Duration.ofMinutes(10);

    /** The pause between two groups, so that a fast pace does not become a timer for each client. */
    private static final long GROUP_MILLIS = 100;

    private final DistroTimer timer;
    private final DistroClock clock;
    private final Jitter jitter;
    private final ClientManager clients;
    private final ClientResets resets;
    private final Map<ClientId, Long> askedMillis = new HashMap<>();
    private final LongAdder asked = new LongAdder();
    private @Nullable Round round;

    private static final class Round {
        final Queue<ClientId> candidates;
        final Targets targets;
        final double perSecond;
        final Runnable end;
        int left;

        Round(Queue<ClientId> candidates, int count, Targets targets, double perSecond, Runnable end) {
            this.candidates = candidates;
            this.left = count;
            this.targets = targets;
            this.perSecond = perSecond;
            this.end = end;
        }
    }

    ClientMoves(DistroTimer timer, DistroClock clock, Jitter jitter, ClientManager clients, ClientResets resets) {
        this.timer = timer;
        this.clock = clock;
        this.jitter = jitter;
        this.clients = clients;
        this.resets = resets;
    }

    /**
     * Begins a round.
     *
     * @param count how many clients to ask
     * @param everybody whether those are asked, too, who were asked before and have stayed
     * @param perSecond how many to ask in a second at most; below 1 for one in several seconds
     * @param end what is done when all have been asked, or there is nobody left to ask
     */
    void begin(int count, boolean everybody, Targets targets, double perSecond, Runnable end) {
        long now = clock.monotonicMillis();
        askedMillis.keySet().retainAll(clients.connections().keySet());
        Queue<ClientId> candidates = new ArrayDeque<>();
        clients.connections().entrySet().stream()
                .filter(client -> everybody || !isAsked(client.getKey(), now, ASK_AGAIN))
                .sorted(Comparator.comparing(client -> client.getValue().connectedMillis()))
                .forEach(client -> candidates.add(client.getKey()));
        Round next = new Round(candidates, count, targets, perSecond, end);
        round = next;
        step(next);
    }

    /** Asks nobody more; what was to be done at the end is not. */
    void cancel() {
        round = null;
    }

    boolean isUnderWay() {
        return round != null;
    }

    /** Returns how many clients are here and not about to leave. */
    int staying() {
        long now = clock.monotonicMillis();
        int leaving = 0;
        for (ClientId client : askedMillis.keySet()) {
            if (clients.details(client) != null && isAsked(client, now, PATIENCE)) {
                leaving++;
            }
        }
        return clients.connections().size() - leaving;
    }

    /** Returns how many clients have been asked to leave. */
    long asked() {
        return asked.sum();
    }

    private boolean isAsked(ClientId client, long now, Duration within) {
        Long when = askedMillis.get(client);
        return when != null && now - when < within.toMillis();
    }

    private void step(Round of) {
        if (round != of) {
            return;
        }
        int group = Math.max(1, (int) (of.perSecond * GROUP_MILLIS / 1_000));
        for (int i = 0; i < group && of.left > 0; i++) {
            of.left = askNext(of) ? of.left - 1 : 0;
        }
        if (of.left == 0) {
            round = null;
            of.end.run();
            return;
        }
        long pauseMillis = (long) Math.ceil(1_000 * group / of.perSecond);
        timer.after(Duration.ofMillis(pauseMillis + jitter.upTo(pauseMillis / 2)), () -> step(of));
    }

    /** Asks the next client; returns false where there is none. */
    private boolean askNext(Round of) {
        while (true) {
            ClientId client = of.candidates.poll();
            if (client == null) {
                return false;
            }
            if (clients.details(client) == null) {
                continue;
            }
            if (ask(client, of.targets.next())) {
                return true;
            }
        }
    }

    /**
     * Asks one client, at once.
     *
     * @param to where to; null for any other member
     * @return whether there is such a client
     */
    boolean ask(ClientId client, @Nullable HostPort to) {
        boolean told = to == null ? resets.reset(client, null, 0) : resets.reset(client, to.bareHost(), to.port());
        if (told) {
            askedMillis.put(client, clock.monotonicMillis());
            asked.increment();
        }
        return told;
    }
}
