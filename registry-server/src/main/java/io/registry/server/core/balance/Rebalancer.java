package io.registry.server.core.balance;

import io.registry.api.error.ErrorCode;
import io.registry.api.error.RegistryException;
import io.registry.distro.model.ClientId;
import io.registry.distro.model.NodeId;
import io.registry.distro.port.DistroClock;
import io.registry.distro.port.Jitter;
import io.registry.server.core.balance.Loads.Known;
import io.registry.server.core.client.ClientManager;
import io.registry.server.core.client.ClientResets;
import io.registry.server.core.cluster.HostPort;
import io.registry.server.core.cluster.MemberLoad;
import io.registry.server.core.cluster.Membership;
import io.registry.server.core.cluster.PeerCalls;
import io.registry.server.core.loop.RegistryLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the connections of a cluster spread evenly. Clients stay with the member that they found first, so after a restart
 * or a new member some have many and others few: a member that has more than its share asks some of its clients to go to
 * the one that has the fewest, slowly, when all members have been ready for a while. Each member decides for itself, from
 * what the others say they have; all together keep within the pace.
 *
 * <p>Operators may have clients moved, too; and all are when the node stops.
 *
 * <p><b>Threading</b>: from any thread, but for what runs on the loop.
 */
public final class Rebalancer {

    /** The pause between two looks at how many clients the others have. */
    private static final Duration LOOK = Duration.ofSeconds(2);

    /** How long the others may take to say it. */
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(1);

    /** How long nothing is moved after clients were asked and most have stayed, or have come back; twice as long each time. */
    private static final Duration PAUSE = Duration.ofMinutes(5);

    private static final Duration PAUSE_MAX = Duration.ofHours(1);

    /** How many clients are asked within a second at least when the node stops. */
    private static final double LEAVE_PER_SECOND_MIN = 100;

    private static final Duration LEAVE_LOOK = Duration.ofMillis(20);

    private static final Logger LOG = LoggerFactory.getLogger(Rebalancer.class);

    private final RegistryLoop loop;
    private final DistroClock clock;
    private final Membership membership;
    private final Loads loads;
    private final ClientManager clients;
    private final ClientResets resets;
    private final BalanceConfig config;
    private final ClientMoves moves;
    private List<NodeId> settled = List.of();
    private long settledMillis;
    private long notBeforeMillis = Long.MIN_VALUE;
    private Duration pause = PAUSE;
    private @Nullable Episode episode;
    private boolean leaving;

    /** What one round was for, to see what came of it. */
    private record Episode(int before, int asked, long endMillis) {}

    /** Makes a balance that has not started. */
    public Rebalancer(
            RegistryLoop loop,
            DistroClock clock,
            Jitter jitter,
            Membership membership,
            Loads loads,
            ClientManager clients,
            ClientResets resets,
            BalanceConfig config) {
        this.loop = loop;
        this.clock = clock;
        this.membership = membership;
        this.loads = loads;
        this.clients = clients;
        this.resets = resets;
        this.config = config;
        this.moves = new ClientMoves(loop, clock, jitter, clients, resets);
    }

    /** Begins to look at how clients are spread, where that is wanted. */
    public void start() {
        if (config.enabled()) {
            loop.after(LOOK, this::look);
        }
    }

    /** Returns how many clients have been asked to go elsewhere. */
    public long asked() {
        return moves.asked();
    }

    /**
     * Asks clients to go elsewhere until so many are left, at the pace of balancing. What else is being moved is not any
     * more.
     *
     * @param keep how many stay
     * @param to where to; null for the members that have the fewest
     * @return how busy this node is now
     */
    public CompletableFuture<MemberLoad> shed(int keep, @Nullable HostPort to) {
        return loads.everywhere(ANSWER_WITHIN)
                .thenCompose(known -> loop.call(() -> {
                    int count = moves.staying() - keep;
                    if (count > 0 && !leaving) {
                        Targets targets = to == null ? Targets.of(membership.self(), known) : Targets.only(to);
                        begin("an operator asks", count, spread(known), targets);
                    }
                    return loads.here();
                }));
    }

    /**
     * Asks one client to go elsewhere, at once.
     *
     * @param to where to; null for any other member
     * @return whether there is such a client
     */
    public CompletableFuture<Boolean> move(ClientId client, @Nullable HostPort to) {
        return loop.call(() -> moves.ask(client, to));
    }

    /**
     * Has every member that has more than its share move what is above it, although balance has not been found wanting.
     *
     * @param factor how much more than the mean is enough, 0 to 1
     * @return how many members do; it fails with {@code UNREACHABLE} where one of the members could not be asked
     */
    public CompletableFuture<Integer> even(double factor) {
        return loads.everywhere(PeerCalls.DEADLINE).thenCompose(known -> {
            for (Known each : known) {
                if (each.load() == null) {
                    throw new RegistryException(
                            ErrorCode.UNREACHABLE, "member " + each.member().http() + ": " + each.problem());
                }
            }
            Spread spread = new Spread(known.stream().map(Known::clients).toList());
            List<CompletableFuture<MemberLoad>> moving = new ArrayList<>();
            for (Known each : known) {
                if (each.clients() > spread.mean() * (1 + factor) && each.clients() > spread.share()) {
                    boolean self = each.member().id().equals(membership.self());
                    moving.add(self ? shed(spread.share(), null) : loads.shed(each.member(), spread.share()));
                }
            }
            return CompletableFuture.allOf(moving.toArray(CompletableFuture[]::new))
                    .thenApply(all -> moving.size());
        });
    }

    /**
     * Asks all clients to go to the other members, since this node stops or is no longer one, and takes no new ones. Asks
     * nobody where no other member serves.
     *
     * @return completes when they have gone, or when their time is over; never failed
     */
    public CompletableFuture<@Nullable Void> leave() {
        CompletableFuture<@Nullable Void> gone = new CompletableFuture<>();
        resets.takeNoMore();
        var unused = loads.everywhere(ANSWER_WITHIN)
                .thenAccept(known -> loop.post(() -> {
                    leaving = true;
                    int count = clients.connections().size();
                    Targets targets = Targets.of(membership.self(), known);
                    if (targets.isEmpty()) {
                        gone.complete(null);
                        return;
                    }
                    double perSecond = Math.max(
                            LEAVE_PER_SECOND_MIN,
                            2_000.0 * count / Math.max(1, config.leaveWithin().toMillis()));
                    LOG.info("clients are told to move: clients={} perSecond={}", count, Math.round(perSecond));
                    moves.begin(count, true, targets, perSecond, () -> {});
                    awaitGone(
                            gone, clock.monotonicMillis() + config.leaveWithin().toMillis());
                }));
        return gone;
    }

    private void awaitGone(CompletableFuture<@Nullable Void> gone, long untilMillis) {
        if (clients.connections().isEmpty() || clock.monotonicMillis() >= untilMillis) {
            gone.complete(null);
        } else {
            loop.after(LEAVE_LOOK, () -> awaitGone(gone, untilMillis));
        }
    }

    private void look() {
        if (leaving) {
            return;
        }
        if (membership.members().size() < 2) {
            loop.after(LOOK, this::look);
            return;
        }
        var unused = loads.everywhere(ANSWER_WITHIN)
                .thenAccept(known -> loop.post(() -> {
                    consider(known);
                    loop.after(LOOK, this::look);
                }));
    }

    private void consider(List<Known> known) {
        long now = clock.monotonicMillis();
        List<NodeId> serving = known.stream()
                .filter(Known::isServing)
                .map(each -> each.member().id())
                .toList();
        if (serving.size() < known.size() || !serving.equals(settled)) {
            settled = serving;
            settledMillis = now;
            if (episode != null && moves.isUnderWay()) {
                moves.cancel();
                episode = null;
                LOG.info("rebalancing stops: not all members are ready, or they are others");
            }
            return;
        }
        if (leaving
                || moves.isUnderWay()
                || now - settledMillis < config.settle().toMillis()) {
            return;
        }
        if (episode != null && !isOver(episode, now)) {
            return;
        }
        Spread spread = spread(known);
        int count = moves.staying() - spread.share();
        if (now >= notBeforeMillis && count > 0 && !spread.isEven()) {
            begin("clients are not spread evenly", count, spread, Targets.of(membership.self(), known));
        }
    }

    /** Looks at what came of a round when its clients had time to go; returns false where they have not had it yet. */
    private boolean isOver(Episode of, long now) {
        if (now - of.endMillis() < ClientMoves.PATIENCE.toMillis()) {
            return false;
        }
        episode = null;
        int left = of.before() - clients.connections().size();
        LOG.info("rebalancing ends: clients={} asked={}", clients.connections().size(), of.asked());
        if (2 * left < of.asked()) {
            notBeforeMillis = now + pause.toMillis();
            LOG.warn(
                    "most clients that were asked to go elsewhere have stayed or come back; do they know all members? "
                            + "None is asked for {} minutes: asked={} fewer={}",
                    pause.toMinutes(),
                    of.asked(),
                    left);
            Duration longer = pause.multipliedBy(2);
            pause = longer.compareTo(PAUSE_MAX) > 0 ? PAUSE_MAX : longer;
        } else {
            pause = PAUSE;
        }
        return true;
    }

    private void begin(String why, int count, Spread spread, Targets targets) {
        double perSecond = spread.total() * config.permillePerSecond() / 1_000.0 / spread.overloaded();
        int before = clients.connections().size();
        long askedBefore = moves.asked();
        LOG.info(
                "rebalancing begins, {}: clients={} moving={} ofAll={} members={}",
                why,
                before,
                count,
                spread.total(),
                spread.clients().size());
        episode = new Episode(before, count, Long.MAX_VALUE / 2);
        moves.begin(
                count,
                false,
                targets,
                Math.max(perSecond, 0.001),
                () -> episode =
                        new Episode(before, Math.toIntExact(moves.asked() - askedBefore), clock.monotonicMillis()));
    }

    private Spread spread(List<Known> known) {
        return new Spread(known.stream()
                .map(each -> each.member().id().equals(membership.self()) ? moves.staying() : each.clients())
                .toList());
    }
}
