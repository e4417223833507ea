package io.registry.server.peer.codec;

import io.registry.api.model.ServiceKey;
import io.registry.distro.message.DistroMessage;
import io.registry.distro.message.DistroMessage.BucketPart;
import io.registry.distro.message.DistroMessage.BucketSync;
import io.registry.distro.message.DistroMessage.Digest;
import io.registry.distro.message.DistroMessage.Orphaned;
import io.registry.distro.message.DistroMessage.Resync;
import io.registry.distro.message.DistroMessage.Sync;
import io.registry.distro.message.DistroMessage.SyncAck;
import io.registry.distro.message.DistroMessage.Want;
import io.registry.distro.model.BucketSums;
import io.registry.distro.model.Buckets;
import io.registry.distro.model.ClientId;
import io.registry.distro.model.NodeId;
import io.registry.distro.model.NodeState;
import io.registry.server.core.client.ClientData;
import io.registry.server.core.encoding.Form;
import io.registry.server.core.encoding.MessageReader;
import io.registry.server.core.encoding.MessageWriter;
import io.registry.server.core.encoding.UnknownFormException;
import java.util.List;

/** The messages of one sender. */
final class MessageForms {

    /** The states by their numbers: a new one is appended, none is ever moved. */
    private static final List<NodeState> STATES = List.of(NodeState.LOADING, NodeState.READY, NodeState.SETTLED);

    final Form<DistroMessage<ServiceKey, ClientData>> message;

    private final Form<Digest<ServiceKey, ClientData>> digest;
    private final Form<Resync<ServiceKey, ClientData>> resync;
    private final Form<BucketSync<ServiceKey, ClientData>> bucketSync;
    private final Form<Sync<ServiceKey, ClientData>> sync;
    private final Form<SyncAck<ServiceKey, ClientData>> syncAck;

    MessageForms(NodeId sender, long incarnation, RecordForms records) {
        this.digest = new Form<>(
                "Digest",
                (out, said) -> {
                    out.number(1, STATES.indexOf(said.state()));
                    out.truth(2, said.leaving());
                    out.number(3, said.clock());
                    out.allFixed(4, said.sums().toArray());
                    out.allFixed(5, said.busy().words());
                },
                in -> new Digest<>(
                        sender,
                        incarnation,
                        RecordForms.known("state", STATES, in.whole(1)),
                        in.truth(2),
                        in.number(3),
                        BucketSums.of(in.allFixed(4)),
                        Buckets.ofWords(in.allFixed(5))));
        this.resync = new Form<>(
                "Resync",
                (out, said) -> {
                    out.allFixed(1, said.buckets().words());
                    out.truth(2, said.orphans());
                },
                in -> new Resync<>(sender, incarnation, Buckets.ofWords(in.allFixed(1)), in.truth(2)));
        Form<Orphaned> orphaned = new Form<>(
                "Orphaned",
                (out, said) -> {
                    out.text(1, said.client().value());
                    out.number(2, said.leftMillis());
                },
                in -> new Orphaned(new ClientId(in.text(1)), in.number(2)));
        Form<BucketPart<ServiceKey, ClientData>> part = new Form<>(
                "BucketPart",
                (out, said) -> {
                    out.number(1, said.bucket());
                    out.number(2, said.asOf());
                    out.number(3, said.index());
                    out.number(4, said.count());
                    out.messages(5, records.update, said.updates());
                    out.messages(6, orphaned, said.orphans());
                },
                in -> new BucketPart<>(
                        in.whole(1),
                        in.number(2),
                        in.whole(3),
                        in.whole(4),
                        in.messages(5, records.update),
                        in.messages(6, orphaned)));
        this.bucketSync = new Form<>(
                "BucketSync",
                (out, said) -> {
                    out.number(1, said.sequence());
                    out.number(2, said.asOf());
                    out.allFixed(3, said.empty().words());
                    out.messages(4, part, said.parts());
                },
                in -> new BucketSync<>(
                        sender,
                        incarnation,
                        in.number(1),
                        in.number(2),
                        Buckets.ofWords(in.allFixed(3)),
                        in.messages(4, part)));
        this.sync = new Form<>(
                "Sync",
                (out, said) -> {
                    out.number(1, said.sequence());
                    out.messages(2, records.update, said.updates());
                },
                in -> new Sync<>(sender, incarnation, in.number(1), in.messages(2, records.update)));
        Form<Want> want = new Form<>(
                "Want",
                (out, said) -> {
                    out.text(1, said.client().value());
                    out.optionalMessage(2, records.stamp, said.held());
                },
                in -> new Want(new ClientId(in.text(1)), in.optionalMessage(2, records.stamp)));
        this.syncAck = new Form<>(
                "SyncAck",
                (out, said) -> {
                    out.number(1, said.ofIncarnation());
                    out.number(2, said.sequence());
                    out.messages(3, want, said.wants());
                },
                in -> new SyncAck<>(sender, incarnation, in.number(1), in.number(2), in.messages(3, want)));
        this.message = new Form<>("Message", (out, said) -> said.to(new Writer(this, out)), this::read);
    }

    private DistroMessage<ServiceKey, ClientData> read(MessageReader in) {
        int kind = in.field();
        return switch (kind) {
            case 1 -> in.message(1, digest);
            case 2 -> in.message(2, resync);
            case 3 -> in.message(3, bucketSync);
            case 4 -> in.message(4, sync);
            case 5 -> in.message(5, syncAck);
            default -> throw new UnknownFormException("kind of message: " + kind + " (expected: 1..5)");
        };
    }

    private record Writer(MessageForms forms, MessageWriter out)
            implements DistroMessage.Handler<ServiceKey, ClientData> {

        @Override
        public void digest(Digest<ServiceKey, ClientData> said) {
            out.message(1, forms.digest, said);
        }

        @Override
        public void resync(Resync<ServiceKey, ClientData> said) {
            out.message(2, forms.resync, said);
        }

        @Override
        public void bucketSync(BucketSync<ServiceKey, ClientData> said) {
            out.message(3, forms.bucketSync, said);
        }

        @Override
        public void sync(Sync<ServiceKey, ClientData> said) {
            out.message(4, forms.sync, said);
        }

        @Override
        public void syncAck(SyncAck<ServiceKey, ClientData> said) {
            out.message(5, forms.syncAck, said);
        }
    }
}
