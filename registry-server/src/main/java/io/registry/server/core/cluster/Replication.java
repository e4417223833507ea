package io.registry.server.core.cluster;

import io.registry.api.model.ServiceKey;
import io.registry.distro.DistroChange;
import io.registry.distro.DistroListener;
import io.registry.distro.DistroProtocol;
import io.registry.distro.Kept;
import io.registry.distro.member.Member;
import io.registry.distro.model.NodeId;
import io.registry.server.core.client.ClientData;
import io.registry.server.core.loop.RegistryLoop;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The life of replication on this node: starts when the node knows that it is a member, follows who the others are, and
 * says when there is nothing left to load.
 *
 * <p><b>Threading</b>: what is not of a listener from any thread; the rest on the loop.
 */
public final class Replication implements DistroListener<ServiceKey, ClientData> {

    private static final Logger LOG = LoggerFactory.getLogger(Replication.class);

    private static final Duration ACKNOWLEDGED_LOOK = Duration.ofMillis(20);

    private final RegistryLoop loop;
    private final Membership membership;
    private final DistroProtocol<ServiceKey, ClientData> distro;
    private final CompletableFuture<@Nullable Void> ready = new CompletableFuture<>();
    private volatile Collection<Kept<ClientData>> kept = List.of();
    private boolean started;

    /** Makes replication that has not started. */
    public Replication(RegistryLoop loop, Membership membership, DistroProtocol<ServiceKey, ClientData> distro) {
        this.loop = loop;
        this.membership = membership;
        this.distro = distro;
    }

    /** Takes what the node knew before it was restarted. Called before {@link #start}. */
    public void keep(Collection<Kept<ClientData>> before) {
        kept = before;
    }

    /** Starts, or waits for this node to become a member. Called when others can be reached. */
    public void start() {
        loop.post(() -> {
            membership.listen(members -> follow());
            follow();
        });
    }

    /** Waits until the node knows what the others know. */
    public void awaitReady() {
        ready.join();
    }

    /** Returns what is complete when the node knows what the others know, in the turn in which it has learnt it. */
    public CompletionStage<@Nullable Void> whenReady() {
        return ready;
    }

    /** Says to the others that this node is about to stop. */
    public void leave() {
        loop.post(distro::leave);
    }

    /**
     * Waits until every member that is up has acknowledged what has changed here.
     *
     * @param within how long to wait at most
     * @return whether all have
     */
    public boolean awaitAcknowledged(Duration within) {
        CompletableFuture<Boolean> acknowledged = new CompletableFuture<>();
        int looks = Math.toIntExact(within.dividedBy(ACKNOWLEDGED_LOOK));
        loop.post(() -> lookWhetherAcknowledged(looks, acknowledged));
        return acknowledged.join();
    }

    private void lookWhetherAcknowledged(int looks, CompletableFuture<Boolean> acknowledged) {
        boolean all =
                distro.status().peers().stream().noneMatch(peer -> peer.member().up() && peer.waiting() > 0);
        if (all || looks == 0) {
            acknowledged.complete(all);
        } else {
            loop.after(ACKNOWLEDGED_LOOK, () -> lookWhetherAcknowledged(looks - 1, acknowledged));
        }
    }

    private void follow() {
        List<NodeId> ids = membership.members().stream().map(ClusterMember::id).toList();
        boolean member = ids.contains(membership.self());
        if (started && !member) {
            // For good: who is taken in again is so under another id.
            distro.stop();
        } else if (started) {
            distro.members(ids);
        } else if (member) {
            started = true;
            distro.start(ids, kept);
            kept = List.of();
        }
    }

    @Override
    public void changed(DistroChange<ServiceKey, ClientData> change) {}

    @Override
    public void ready() {
        ready.complete(null);
    }

    @Override
    public void memberChanged(Member member) {
        LOG.info(
                "member {}: node={} incarnation={} state={}{}",
                member.up() ? "up" : "down",
                member.id(),
                member.incarnation(),
                member.state(),
                member.leaving() ? " leaving" : "");
    }
}
