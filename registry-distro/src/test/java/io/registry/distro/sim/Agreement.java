package io.registry.distro.sim;

import io.registry.distro.DistroStatus;
import io.registry.distro.model.ClientId;
import io.registry.distro.model.DistroRecord;
import io.registry.distro.model.NodeId;
import io.registry.distro.testkit.Parts;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Whether all nodes show the same, and the truth: the clients that live, with what they publish now. */
final class Agreement {

    private final SimWorld world;

    Agreement(SimWorld world) {
        this.world = world;
    }

    /** Returns what is not as it should be in the end, the first thing found; null where nothing is. */
    @Nullable
    String objection() {
        Map<ClientId, Parts> truth = new TreeMap<>();
        String unsaid = truth(truth);
        if (unsaid != null) {
            return unsaid;
        }
        List<DistroRecord<Parts>> first = null;
        for (NodeId id : world.members()) {
            NodeLife life = world.life(id);
            if (life == null || !life.isReady()) {
                return id + " is not ready";
            }
            List<DistroRecord<Parts>> shown = life.records();
            String untrue = difference(id, truth, shown);
            if (untrue != null) {
                return untrue;
            }
            if (first != null && !first.equals(shown)) {
                return id + " shows " + shown + " (expected, as the first does: " + first + ")";
            }
            first = shown;
            String unequal = unequal(life.protocol().status());
            if (unequal != null) {
                return id + " " + unequal;
            }
        }
        return null;
    }

    /** Puts down what is so; returns what clients have still to say. */
    private @Nullable String truth(Map<ClientId, Parts> truth) {
        for (ConnectionClientModel client : world.connectionClients()) {
            if (client.isAlive()) {
                ClientId id = client.clientId();
                if (id == null || !client.hasSaidAll()) {
                    return client.name() + " has not said what it publishes";
                }
                if (client.desired().size() > 0) {
                    truth.put(id, client.desired());
                }
            }
        }
        for (BeatClientModel client : world.beatClients()) {
            if (client.isAlive()) {
                if (!client.isSettled()) {
                    return client.name() + " has not registered";
                }
                truth.put(client.id(), BeatSide.healthy(contentOf(client)));
            }
        }
        return null;
    }

    /**
     * A registration that only one node had taken in is lost with that node, since beats do not say what the instance
     * publishes; then what it had registered before is as good as it gets.
     */
    private String contentOf(BeatClientModel client) {
        String shown = client.isContentLost() ? world.contentOnAnyNode(client.id()) : null;
        return shown == null ? client.content() : shown;
    }

    private static @Nullable String difference(
            NodeId node, Map<ClientId, Parts> truth, List<DistroRecord<Parts>> shown) {
        Map<ClientId, Parts> missing = new TreeMap<>(truth);
        for (DistroRecord<Parts> record : shown) {
            Parts expected = missing.remove(record.client());
            if (expected == null) {
                return node + " shows a client that is not there: " + record;
            }
            if (!expected.equals(record.data())) {
                return node + " shows " + record + " (expected: " + expected + ")";
            }
        }
        return missing.isEmpty() ? null : node + " does not show " + missing;
    }

    private static @Nullable String unequal(DistroStatus status) {
        for (DistroStatus.Peer peer : status.peers()) {
            if (!peer.member().up() || peer.differing() > 0 || peer.waiting() > 0 || peer.loading() > 0) {
                return "is not done with a peer: " + peer;
            }
        }
        return null;
    }
}
