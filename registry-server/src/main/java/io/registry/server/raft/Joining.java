package io.registry.server.raft;

import io.registry.server.core.cluster.ClusterMember;
import java.io.IOException;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks, again and again, whether this node is a member and has what was committed before it came, and does what is missing
 * for it: asks who the members are, asks to be taken in, and tells them where it is.
 *
 * <p><b>Threading</b>: one thread at a time, which blocks.
 */
final class Joining {

    /** What a look has found. */
    enum State {
        /** Something is missing. */
        BEHIND,
        /** It is a member like any other. */
        AMONG,
        /** It was a member, and is not any more. */
        LEFT,
        /** The log has closed itself, though this node is a member as far as anybody knows. */
        OVER
    }

    /** How many looks there are from one reading of the list or the name of the members to the next. */
    private static final int LOOKS_PER_LOOKUP = 5;

    private static final Logger LOG = LoggerFactory.getLogger(Joining.class);

    private final ClusterMember self;
    private final Group group;
    private final GroupMembership membership;
    private final GroupChanges changes;
    private boolean saidToWait;
    private int looks;

    Joining(ClusterMember self, Group group, GroupMembership membership, GroupChanges changes) {
        this.self = self;
        this.group = group;
        this.membership = membership;
        this.changes = changes;
    }

    /**
     * Looks once.
     *
     * @param behind told up to which index this member has to apply the log to be up to date; null where it is already
     */
    State look(RaftMember member, @Nullable LongConsumer behind) {
        try {
            return tryToLook(member, behind);
        } catch (IOException | RuntimeException e) {
            LOG.debug("tried again soon", e);
            return State.BEHIND;
        }
    }

    private State tryToLook(RaftMember member, @Nullable LongConsumer behind) throws IOException {
        boolean over = member.isOver();
        boolean leads = !over && member.leads();
        String leader = over ? null : member.leader();
        boolean counts = !over && member.counts();
        if (looks++ % LOOKS_PER_LOOKUP == 0) {
            group.lookAround();
        }
        if (!counts || (!leads && leader == null)) {
            group.ask();
        }
        if (membership.left()) {
            return State.LEFT;
        }
        if (over) {
            return State.OVER;
        }
        ClusterMember known = membership.members().stream()
                .filter(each -> each.id().equals(self.id()))
                .findFirst()
                .orElse(null);
        if (known == null) {
            comeIn();
            return State.BEHIND;
        }
        if (!known.equals(self)) {
            tellWhere(member, leads);
        }
        if (behind == null || leads) {
            return State.AMONG;
        }
        if (leader == null || !counts) {
            return State.BEHIND;
        }
        behind.accept(group.hello(leader).committed());
        return State.AMONG;
    }

    private void comeIn() {
        boolean replaces =
                membership.members().stream().anyMatch(each -> each.raft().equals(self.raft()));
        if (replaces) {
            if (group.join()) {
                LOG.info("taken into the group, in the place of the member that had this address");
            }
        } else if (!saidToWait) {
            saidToWait = true;
            LOG.warn(
                    "this node is not a member of the cluster, and waits, not ready, until an operator adds it: "
                            + "POST /nacos/v3/admin/core/cluster/member?address={} on any of {}",
                    self.http(),
                    membership.members().stream().map(ClusterMember::http).toList());
        }
    }

    private void tellWhere(RaftMember member, boolean leads) throws IOException {
        if (leads) {
            changes.join(member, self);
        } else {
            group.join();
        }
    }
}
