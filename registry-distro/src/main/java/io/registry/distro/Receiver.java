package io.registry.distro;

import io.registry.distro.Orphans.Orphan;
import io.registry.distro.Orphans.Why;
import io.registry.distro.message.DistroMessage.Want;
import io.registry.distro.message.RecordUpdate;
import io.registry.distro.message.RecordUpdate.Mention;
import io.registry.distro.message.RecordUpdate.Piece;
import io.registry.distro.message.RecordUpdate.Whole;
import io.registry.distro.model.Cause;
import io.registry.distro.model.ClientId;
import io.registry.distro.model.ClientKind;
import io.registry.distro.model.DistroRecord;
import io.registry.distro.model.NodeId;
import io.registry.distro.model.Stamp;
import io.registry.distro.port.DataPort;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes in what other nodes say of records. The greater stamp wins; the rest are the exceptions that are none: a client
 * that this node heard lately is written again instead of given up, what is older than what this node holds is answered
 * with that, and what an owner confirms is no orphan.
 *
 * <p><b>Threading:</b> runs on the loop.
 */
final class Receiver<K, D> {

    private final LocalNode<K, D> node;
    private final Stamps stamps;
    private final Replica<K, D> replica;
    private final Voices<K, D> voices;
    private final Outbox<K, D> outbox;
    private final DistroListener<K, D> listener;
    private final Pieces<K, D> pieces;

    Receiver(
            LocalNode<K, D> node,
            Stamps stamps,
            Replica<K, D> replica,
            Voices<K, D> voices,
            Outbox<K, D> outbox,
            DistroListener<K, D> listener) {
        this.node = node;
        this.stamps = stamps;
        this.replica = replica;
        this.voices = voices;
        this.outbox = outbox;
        this.listener = listener;
        this.pieces = new Pieces<>(node.keeps(Rule.PIECES_OF_ONE_WRITE));
    }

    /**
     * Takes an update in.
     *
     * @return what has to be asked for, since the update did not fit; null where nothing has
     */
    @Nullable
    Want take(NodeId from, RecordUpdate<K, D> update, boolean ofBucket) {
        if (update instanceof Whole<K, D> whole) {
            receive(from, whole.record(), null, ofBucket);
            return null;
        }
        if (update instanceof Piece<K, D> piece) {
            return takePiece(from, piece);
        }
        return takeMention(from, (Mention<K, D>) update);
    }

    /**
     * Takes a record in.
     *
     * @param changedKeys the parts that differ from what is known; null where they are to be found
     * @param ofBucket whether it came in a bucket, among others that have not changed
     */
    void receive(NodeId from, DistroRecord<D> record, @Nullable Collection<K> changedKeys, boolean ofBucket) {
        if (!stamps.believe(record)) {
            return;
        }
        DistroRecord<D> known = replica.store().known(record.client());
        int order = known == null ? 1 : record.stamp().compareTo(known.stamp());
        if (order > 0 || (order < 0 && !node.keeps(Rule.GREATER_STAMP_WINS))) {
            if (known != null && isToBeDefended(known, record)) {
                defend(known, record);
                return;
            }
            if (known != null && isContested(known, record)) {
                contest(known, record);
                return;
            }
            Orphan mark = voices.mark(from, record);
            if (mark != null && voices.isOver(mark)) {
                return;
            }
            outbox.foreign(record.client());
            Cause cause = mark != null && mark.why() == Why.HEARSAY ? Cause.RESTORED : record.cause();
            replica.overwrite(record, changedKeys, cause, mark);
            if (record.isTombstone() && !node.keeps(Rule.TOMBSTONES)) {
                replica.store().forgetTombstone(record.client());
            }
        } else if (order == 0) {
            confirm(from, record, known);
        } else if (known != null) {
            D data = record.data();
            boolean different = data != null && differs(known, node.data().contentSum(data));
            answerOlder(from, known, different, ofBucket && record.isTombstone());
        }
    }

    /** An owner's word of a write that this node holds: the owner speaks for it, and has the right content. */
    private void confirm(NodeId from, DistroRecord<D> record, @Nullable DistroRecord<D> known) {
        D data = record.data();
        if (known == null
                || known.data() == null
                || data == null
                || !voices.speaksFor(from, record.owner(), record.ownerIncarnation())) {
            return;
        }
        if (node.data().contentSum(known.data()) != node.data().contentSum(data)) {
            replica.overwrite(record, null, record.cause(), null);
        }
        replica.spokenFor(record.client());
    }

    /**
     * Another node has sent something older than what this node holds.
     *
     * @param different whether it was alive, with other content
     * @param kept whether it is a tombstone that everybody keeps for a while, and need not hear of what came after
     */
    private void answerOlder(NodeId from, DistroRecord<D> known, boolean different, boolean kept) {
        if (known.kind() != ClientKind.BEAT) {
            return;
        }
        if (node.keeps(Rule.HAND_BACK) && !kept) {
            PeerSync<K, D> sync = outbox.to(from);
            if (sync != null) {
                sync.changed(known.client());
            }
        }
        if (node.keeps(Rule.CONTENT_IN_DOUBT) && different && node.owns(known)) {
            listener.doubtful(known.client());
        }
    }

    private boolean differs(DistroRecord<D> known, long sum) {
        return known.data() != null && node.data().contentSum(known.data()) != sum;
    }

    private @Nullable Want takePiece(NodeId from, Piece<K, D> piece) {
        DistroRecord<D> known = replica.store().known(piece.client());
        if (known != null && !piece.stamp().isAfter(known.stamp())) {
            if (!piece.stamp().equals(known.stamp())) {
                answerOlder(from, known, differs(known, piece.sum()), false);
                return null;
            }
            if (known.data() == null) {
                return null;
            }
            if (node.data().contentSum(known.data()) == piece.sum()) {
                if (voices.speaksFor(from, piece.owner(), piece.ownerIncarnation())) {
                    replica.spokenFor(piece.client());
                }
                return null;
            }
        }
        Iterable<Piece<K, D>> all = pieces.add(piece, node.nowMillis());
        if (all == null) {
            return null;
        }
        D before = null;
        if (piece.base() != null) {
            if (node.keeps(Rule.DELTA_BASE) && !holdsBase(known, piece, piece.base())) {
                return new Want(piece.client(), heldOf(known, piece.owner(), piece.ownerIncarnation()));
            }
            before = known == null ? null : known.data();
        }
        DataPort<K, D> port = node.data();
        D after = before;
        Collection<K> keys = new LinkedHashSet<>();
        for (Piece<K, D> each : all) {
            after = port.patched(after, each.puts(), each.removed());
            keys.addAll(port.keys(each.puts()));
            keys.addAll(each.removed());
        }
        if (after == null || (node.keeps(Rule.DELTA_SUM) && port.contentSum(after) != piece.sum())) {
            return new Want(piece.client(), null);
        }
        Collection<K> changed = before == null ? null : port.changed(port.only(before, keys), port.only(after, keys));
        receive(
                from,
                new DistroRecord<>(
                        piece.client(),
                        piece.kind(),
                        piece.owner(),
                        piece.ownerIncarnation(),
                        piece.stamp(),
                        after,
                        piece.cause()),
                changed,
                false);
        return null;
    }

    /** Whether a change may be applied to what is held: of the same owner's life, from its base on. */
    private static boolean holdsBase(@Nullable DistroRecord<?> known, Piece<?, ?> piece, Stamp base) {
        return known != null
                && !known.isTombstone()
                && known.isOwnedBy(piece.owner(), piece.ownerIncarnation())
                && !base.isAfter(known.stamp());
    }

    private @Nullable Want takeMention(NodeId from, Mention<K, D> mention) {
        DistroRecord<D> known = replica.store().known(mention.client());
        if (known != null) {
            int order = mention.stamp().compareTo(known.stamp());
            boolean same = known.data() != null && node.data().contentSum(known.data()) == mention.sum();
            if (order == 0 && same) {
                if (voices.speaksFor(from, mention.owner(), mention.ownerIncarnation())) {
                    replica.spokenFor(mention.client());
                }
                return null;
            }
            if (order < 0) {
                answerOlder(from, known, differs(known, mention.sum()), false);
                return null;
            }
            if (order == 0) {
                return new Want(mention.client(), null);
            }
        }
        return new Want(mention.client(), heldOf(known, mention.owner(), mention.ownerIncarnation()));
    }

    private static @Nullable Stamp heldOf(@Nullable DistroRecord<?> known, NodeId owner, long ownerIncarnation) {
        return known != null && !known.isTombstone() && known.isOwnedBy(owner, ownerIncarnation) ? known.stamp() : null;
    }

    /** Drops the pieces of an owner whose life is over. */
    void forgetPieces(NodeId owner) {
        pieces.drop(owner);
    }

    private boolean isToBeDefended(DistroRecord<D> known, DistroRecord<D> record) {
        return node.keeps(Rule.DEFENCE)
                && (record.cause() == Cause.SILENCE || record.cause() == Cause.OMITTED)
                && !known.isTombstone()
                && known.kind() == ClientKind.BEAT
                && node.owns(known)
                && node.ports().evidence().heardLately(known.client());
    }

    /**
     * Writes again what a client publishes that others gave up. Whoever gave it up may have known a later registration:
     * then the content is in doubt, but not that the client lives.
     */
    private void defend(DistroRecord<D> known, DistroRecord<D> tombstone) {
        boolean laterContent = tombstone.stamp().told() > known.stamp().told();
        DistroRecord<D> again = new DistroRecord<>(
                known.client(),
                known.kind(),
                node.id(),
                node.incarnation(),
                stamps.heard(laterContent ? tombstone : known),
                known.data(),
                Cause.HEARD);
        replica.apply(again, List.of(), Cause.HEARD, null);
        outbox.written(known, again, List.of());
        if (laterContent && node.keeps(Rule.CONTENT_IN_DOUBT)) {
            listener.doubtful(known.client());
        }
    }

    /**
     * Whether the registration that came in and what it would replace may have come about without knowledge of each
     * other: which of the two is later by the clocks says little then, and only the client can tell.
     */
    private boolean isContested(DistroRecord<D> known, DistroRecord<D> record) {
        return node.keeps(Rule.CONTENT_IN_DOUBT)
                && known.kind() == ClientKind.BEAT
                && node.owns(known)
                && known.data() != null
                && record.data() != null
                && record.stamp().told() > known.stamp().told()
                && !record.owner().equals(node.id())
                && node.data().contentSum(known.data()) != node.data().contentSum(record.data())
                && node.ports().evidence().heardLately(known.client());
    }

    /**
     * Shows what is later by the clocks, but as this node's: so whichever node the client's next beat reaches, that node
     * asks it to register.
     */
    private void contest(DistroRecord<D> known, DistroRecord<D> record) {
        DistroRecord<D> taken = new DistroRecord<>(
                known.client(),
                known.kind(),
                node.id(),
                node.incarnation(),
                stamps.heard(record),
                record.data(),
                Cause.HEARD);
        replica.apply(taken, null, Cause.HEARD, null);
        outbox.written(known, taken, null);
        listener.doubtful(known.client());
    }

    /** What an owner's complete bucket did not list is gone, or for another node to speak for. */
    void omitted(DistroRecord<D> record, long asOf) {
        ClientId client = record.client();
        if (record.stamp().latest() > asOf) {
            return;
        }
        if (record.kind() == ClientKind.CONNECTION) {
            Stamp stamp = new Stamp(asOf, asOf, 0, record.owner(), record.ownerIncarnation());
            outbox.foreign(client);
            replica.apply(
                    new DistroRecord<>(
                            client,
                            record.kind(),
                            record.owner(),
                            record.ownerIncarnation(),
                            stamp,
                            null,
                            Cause.OMITTED),
                    null,
                    Cause.OMITTED,
                    null);
        } else if (replica.orphan(client) == null) {
            long deadlineMillis = node.nowMillis() + node.sync().beatExpiry().toMillis();
            replica.orphaned(new Orphan(client, deadlineMillis, Why.OMITTED));
        }
    }
}
