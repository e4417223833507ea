package io.registry.distro.sim;

import io.registry.distro.DistroChange;
import io.registry.distro.model.Cause;
import io.registry.distro.model.ClientId;
import io.registry.distro.model.ClientKind;
import io.registry.distro.model.DistroRecord;
import io.registry.distro.model.Stamp;
import io.registry.distro.testkit.Parts;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is looked at all the time. Objects at once when something happens that is promised never to: that what a node
 * shows goes back in time, that a connection returns which was gone, that an owner does not know its own connection.
 * Counts what is not promised and not wanted either.
 */
final class Checks {

    /** What is under way when a connection closes has arrived after this, or never does. */
    private static final long UNDER_WAY_MILLIS = 10_000;

    /** How much longer than the lease a client may stay: until its owner counts as down, and the next look. */
    private static final long GHOST_SLACK_MILLIS = 15_000;

    /** The last that a node has shown of a client. */
    private record Seen(Stamp stamp, boolean tombstone, long atMillis) {}

    private final SimWorld world;
    private final Map<ClientId, Map<Stamp, Long>> written = new LinkedHashMap<>();
    private final Map<ClientId, Long> endedMillis = new LinkedHashMap<>();

    Checks(SimWorld world) {
        this.world = world;
    }

    /** A connection has closed, and its owner knows; if drained, it may be shown for a little longer. */
    void ended(ClientId connection, boolean drained) {
        long graceMillis = drained ? world.plan().config().drainGrace().toMillis() : 0;
        endedMillis.put(connection, world.loop().nowMillis() + graceMillis);
    }

    /** A connection was lost together with its owner. */
    void lost(ClientId connection) {
        endedMillis.putIfAbsent(connection, world.loop().nowMillis());
    }

    OfLife ofLife(NodeLife life) {
        return new OfLife(life);
    }

    /** What is looked at on one process. */
    final class OfLife {

        private final NodeLife life;
        private final Map<ClientId, Seen> latest = new LinkedHashMap<>();
        private final Set<ClientId> buried = new LinkedHashSet<>();
        private final Set<ClientId> ghosts = new LinkedHashSet<>();

        private OfLife(NodeLife life) {
            this.life = life;
        }

        void changed(DistroChange<String, Parts> change) {
            stampsDoNotGoBack(change);
            nothingIsShownThatNobodyWrote(change);
            if (change.isGone()) {
                gone(change);
            } else if (change.before() == null) {
                appeared(change);
            }
        }

        /** Looks at what does not announce itself. */
        void audit() {
            for (Connection connection : life.connections()) {
                ownerKnows(connection);
            }
            life.protocol().forEachRecord(record -> {
                if (isGhost(record) && ghosts.add(record.client())) {
                    count(Anomalies.Kind.GHOSTS);
                }
            });
        }

        private void stampsDoNotGoBack(DistroChange<String, Parts> change) {
            DistroRecord<Parts> after = change.after();
            if (after == null) {
                // Forgotten: whatever comes is as good as new.
                latest.remove(change.client());
                return;
            }
            Seen now = new Seen(after.stamp(), after.isTombstone(), world.loop().nowMillis());
            Seen before = latest.put(change.client(), now);
            if (before != null && before.stamp().isAfter(now.stamp()) && !isForgotten(before)) {
                throw violation("the record of " + change.client() + " went back in time: from " + before.stamp()
                        + " to " + now.stamp());
            }
        }

        /** What a node shows of one write is what was written, whatever pieces and changes it was put together from. */
        private void nothingIsShownThatNobodyWrote(DistroChange<String, Parts> change) {
            DistroRecord<Parts> after = change.after();
            // What a successor took back, this node alone shows no more; and may have kept it so.
            boolean amended = change.cause() == Cause.WITHDRAWN || change.cause() == Cause.RESTORED;
            if (after == null || after.data() == null || amended) {
                return;
            }
            Map<Stamp, Long> ofClient = written.computeIfAbsent(after.client(), client -> new LinkedHashMap<>());
            Long sum = ofClient.putIfAbsent(after.stamp(), after.data().sum());
            if (sum != null && sum != after.data().sum()) {
                throw violation("shows of " + after.client() + " what nobody wrote: " + after);
            }
        }

        private boolean isForgotten(Seen seen) {
            long ttlMillis = world.plan().config().tombstoneTtl().toMillis();
            return seen.tombstone() && world.loop().nowMillis() - seen.atMillis() >= ttlMillis;
        }

        private void gone(DistroChange<String, Parts> change) {
            ClientId client = change.client();
            DistroRecord<Parts> before = change.before();
            Connection connection = life.connection(client);
            if (connection != null) {
                throw violation("the owner lost its connection " + client + ": " + change.cause());
            }
            if (before != null && before.kind() == ClientKind.CONNECTION && change.after() != null) {
                buried.add(client);
            }
            if (!life.isReady()) {
                return;
            }
            BeatClientModel beating = world.beating(client);
            if (beating != null && beating.isSettled()) {
                count(Anomalies.Kind.BEAT_GAPS);
            } else if (before != null && before.kind() == ClientKind.CONNECTION && !endedMillis.containsKey(client)) {
                count(Anomalies.Kind.CONNECTION_GAPS);
            }
        }

        private void appeared(DistroChange<String, Parts> change) {
            ClientId client = change.client();
            if (buried.contains(client)) {
                throw violation("the connection " + client + " was gone and has returned: " + change.after());
            }
            Long closedMillis = endedMillis.get(client);
            if (closedMillis != null && life.isReady() && world.loop().nowMillis() - closedMillis > UNDER_WAY_MILLIS) {
                count(Anomalies.Kind.CLOSED_APPEARED);
            }
            BeatClientModel beating = world.beating(client);
            if (beating != null && beating.isDeregistered() && life.isReady()) {
                count(
                        isUnderWay(change.after())
                                ? Anomalies.Kind.DEREGISTERED_LATE
                                : Anomalies.Kind.DEREGISTERED_RETURNED);
            }
        }

        /** Whether what has appeared is older than a withdrawal that some node knows, and this one does not yet. */
        private boolean isUnderWay(@Nullable DistroRecord<Parts> appeared) {
            if (appeared == null) {
                return false;
            }
            boolean[] known = new boolean[1];
            world.forEachLife(each -> {
                DistroRecord<Parts> tombstone = each.protocol().known(appeared.client());
                known[0] |= tombstone != null
                        && tombstone.isTombstone()
                        && tombstone.stamp().isAfter(appeared.stamp());
            });
            return known[0];
        }

        private void ownerKnows(Connection connection) {
            DistroRecord<Parts> record = life.protocol().record(connection.id());
            Parts shown = record == null ? null : record.data();
            if (shown == null ? connection.said().size() > 0 : !shown.equals(connection.said())) {
                throw violation("the owner of " + connection.id() + " shows " + shown + " (expected: "
                        + connection.said() + ")");
            }
        }

        private boolean isGhost(DistroRecord<Parts> record) {
            Long sinceMillis = goneSince(record.client());
            long leaseMillis = world.plan().config().ownerLease().toMillis();
            return sinceMillis != null
                    && world.loop().nowMillis() - sinceMillis > leaseMillis + GHOST_SLACK_MILLIS
                    && life.isReady()
                    && life.protocol().status().majority();
        }

        private @Nullable Long goneSince(ClientId client) {
            BeatClientModel beating = world.beating(client);
            if (beating != null) {
                return beating.isAlive() ? null : Long.valueOf(beating.goneSinceMillis());
            }
            return endedMillis.get(client);
        }

        private void count(Anomalies.Kind kind) {
            world.anomalies().count(kind);
        }

        private Violation violation(String what) {
            return new Violation("on " + life.id() + ": " + what);
        }
    }
}
