package io.registry.distro;

import io.registry.distro.Orphans.Orphan;
import io.registry.distro.Orphans.Why;
import io.registry.distro.member.Member;
import io.registry.distro.member.MemberTable;
import io.registry.distro.message.DistroMessage.Orphaned;
import io.registry.distro.model.ClientId;
import io.registry.distro.model.ClientKind;
import io.registry.distro.model.DistroRecord;
import io.registry.distro.model.NodeId;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Who speaks for a record, and for how long one is shown that nobody speaks for.
 *
 * <p><b>Threading:</b> runs on the loop.
 */
final class Voices<K, D> {

    /** An owner of which so many digests are missing has most likely gone, though it does not count as down yet. */
    private static final int DIGESTS_MISSING = 2;

    private final LocalNode<K, D> node;
    private final Replica<K, D> replica;
    private final MemberTable members;

    /**
     * Until when others show orphans of which they have told this node. A record may come from several of them, and in
     * pieces that take longer than that.
     */
    private final Map<ClientId, Long> heardOf = new TreeMap<>();

    Voices(LocalNode<K, D> node, Replica<K, D> replica, MemberTable members) {
        this.node = node;
        this.replica = replica;
        this.members = members;
    }

    /** Whether a node that sends a record of an owner is that owner, in the same life. */
    boolean speaksFor(NodeId from, NodeId owner, long ownerIncarnation) {
        return from.equals(owner) && ownerIncarnation == members.incarnation(from);
    }

    /** Whether an owner itself is heard in the life in which it wrote a record. */
    boolean isHeard(NodeId owner, long ownerIncarnation) {
        Member member = members.find(owner, node.nowMillis());
        return member != null && member.up() && member.incarnation() == ownerIncarnation;
    }

    /** Another node, while this one loads, tells of an orphan whose record comes with that or soon after. */
    void hearOf(Orphaned orphan) {
        heardOf.merge(orphan.client(), node.nowMillis() + orphan.leftMillis(), Math::max);
    }

    /** Forgets of which orphans others have told whose time is long over: no more is coming of them. */
    void forgetHearsay() {
        if (!heardOf.isEmpty()) {
            long longOverMillis = node.nowMillis() - node.sync().loadDeadline().toMillis();
            heardOf.values().removeIf(untilMillis -> untilMillis < longOverMillis);
        }
    }

    /**
     * Whether the time of an orphan of which others have told was over before its record came: who had it has dropped it
     * meanwhile, as this node would have.
     */
    boolean isOver(Orphan mark) {
        return mark.why() == Why.HEARSAY && mark.deadlineMillis() < node.nowMillis() && mayForget();
    }

    /** Whether records may be forgotten for silence. */
    boolean mayForget() {
        return members.seesMajority() || !node.keeps(Rule.MAJORITY);
    }

    /** A record of another node as one that loads is told of it; null where somebody speaks for it. */
    @Nullable
    Orphan orphan(DistroRecord<D> record) {
        Orphan orphan = replica.orphan(record.client());
        if (orphan != null) {
            return orphan;
        }
        Member owner = members.find(record.owner(), node.nowMillis());
        boolean missing = owner == null
                || owner.silentMillis()
                        > DIGESTS_MISSING * node.sync().digestInterval().toMillis();
        return missing ? silent(record, owner) : null;
    }

    /** The mark that a record gets when it comes from a node; none where its owner lives and speaks for it. */
    @Nullable
    Orphan mark(NodeId from, DistroRecord<D> record) {
        Long untilMillis = heardOf.get(record.client());
        if (untilMillis == null || record.isTombstone() || speaksFor(from, record.owner(), record.ownerIncarnation())) {
            heardOf.remove(record.client());
            return mark(record);
        }
        return new Orphan(record.client(), untilMillis, Why.HEARSAY);
    }

    /** The mark that a living record gets on its arrival: none where its owner lives and speaks for it. */
    private @Nullable Orphan mark(DistroRecord<D> record) {
        if (record.isTombstone()) {
            return null;
        }
        if (node.owns(record)) {
            return givenBack(record);
        }
        NodeId owner = record.owner();
        if (owner.equals(node.id())) {
            return restarted(record);
        }
        Member member = members.find(owner, node.nowMillis());
        if (member == null || !member.up()) {
            return silent(record, member);
        }
        return record.ownerIncarnation() < member.incarnation() ? restarted(record) : null;
    }

    /** The mark of a record that this node wrote and holds no longer: nobody here knows whether its client lives. */
    private Orphan givenBack(DistroRecord<D> record) {
        long graceMillis = (record.kind() == ClientKind.BEAT
                        ? node.sync().beatExpiry()
                        : node.config().drainGrace())
                .toMillis();
        return new Orphan(record.client(), node.nowMillis() + graceMillis, Why.GIVEN_BACK);
    }

    /** The mark of a record whose owner has started anew. */
    Orphan restarted(DistroRecord<D> record) {
        long graceMillis = record.kind() == ClientKind.BEAT
                ? node.sync().beatExpiry().toMillis()
                : node.keeps(Rule.RESTART_GRACE) ? node.config().drainGrace().toMillis() : 0;
        return new Orphan(record.client(), node.nowMillis() + graceMillis, Why.OWNER_RESTARTED);
    }

    /** The mark of a record whose owner is not heard. */
    Orphan silent(DistroRecord<D> record, @Nullable Member owner) {
        long heardMillis = node.nowMillis() - (owner == null ? 0 : owner.silentMillis());
        if (record.kind() == ClientKind.BEAT) {
            long expiryMillis = node.sync().beatExpiry().toMillis();
            return new Orphan(record.client(), heardMillis + expiryMillis, Why.OWNER_SILENT);
        }
        boolean leaving = owner != null && owner.leaving();
        long leaseMillis = leaving
                ? node.nowMillis() - heardMillis + node.config().drainGrace().toMillis()
                : node.config().ownerLease().toMillis();
        return new Orphan(record.client(), heardMillis + leaseMillis, Why.OWNER_SILENT);
    }
}
