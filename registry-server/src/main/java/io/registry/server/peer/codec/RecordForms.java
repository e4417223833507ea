package io.registry.server.peer.codec;

import io.registry.api.model.ServiceKey;
import io.registry.distro.message.RecordUpdate;
import io.registry.distro.model.Cause;
import io.registry.distro.model.ClientId;
import io.registry.distro.model.ClientKind;
import io.registry.distro.model.DistroRecord;
import io.registry.distro.model.NodeId;
import io.registry.distro.model.Stamp;
import io.registry.proto.codec.InstanceText;
import io.registry.proto.codec.MalformedBodyException;
import io.registry.server.core.client.ClientData;
import io.registry.server.core.client.InstanceBytes;
import io.registry.server.core.client.Publication;
import io.registry.server.core.client.SharedParts;
import io.registry.server.core.encoding.Form;
import io.registry.server.core.encoding.MessageReader;
import io.registry.server.core.encoding.MessageWriter;
import io.registry.server.core.encoding.UnknownFormException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What the messages of one sender say of records. */
final class RecordForms {

    private static final int WHOLE = 0;
    private static final int PIECE = 1;
    private static final int MENTION = 2;

    /** The causes by their numbers: a new one is appended, none is ever moved. */
    private static final List<Cause> CAUSES = List.of(
            Cause.PUBLISHED,
            Cause.HEARD,
            Cause.LAPSED,
            Cause.WITHDRAWN,
            Cause.SILENCE,
            Cause.OMITTED,
            Cause.DISCONNECTED);

    /** The kinds by their numbers: a new one is appended, none is ever moved. */
    private static final List<ClientKind> KINDS = List.of(ClientKind.CONNECTION, ClientKind.BEAT);

    final Form<Stamp> stamp;
    final Form<RecordUpdate<ServiceKey, ClientData>> update;

    private final NodeId sender;
    private final SharedParts shared;

    private final Form<ServiceKey> serviceKey = new Form<>("ServiceKey", RecordForms::writeService, this::readService);

    private final Form<Map.Entry<ServiceKey, Publication>> publication =
            new Form<>("Publication", RecordForms::writePublication, this::readPublication);

    RecordForms(NodeId sender, SharedParts shared) {
        this.sender = sender;
        this.shared = shared;
        this.stamp = new Form<>("Stamp", this::writeStamp, this::readStamp);
        this.update = new Form<>("Update", this::writeUpdate, this::readUpdate);
    }

    static <E> E known(String what, List<E> all, int number) {
        if (number < 0 || number >= all.size()) {
            throw new UnknownFormException(
                    what + ": " + number + " (expected: one that this server knows, 0.." + (all.size() - 1) + ")");
        }
        return all.get(number);
    }

    private static int number(Cause cause) {
        int number = CAUSES.indexOf(cause);
        if (number < 0) {
            throw new IllegalArgumentException("cause: " + cause + " (expected: one that a record may have)");
        }
        return number;
    }

    /** Most records name their sender, and none of them needs an id of its own for that. */
    private void node(MessageWriter out, int field, NodeId node) {
        out.text(field, node.equals(sender) ? "" : node.value());
    }

    private NodeId node(MessageReader in, int field) {
        String id = in.text(field);
        return id.isEmpty() ? sender : new NodeId(shared.text(id));
    }

    private void writeStamp(MessageWriter out, Stamp value) {
        out.number(1, value.told());
        out.number(2, value.heard());
        out.number(3, value.lapse());
        node(out, 4, value.writer());
        out.number(5, value.writerIncarnation());
    }

    private Stamp readStamp(MessageReader in) {
        return new Stamp(in.number(1), in.number(2), in.whole(3), node(in, 4), in.number(5));
    }

    private static void writeService(MessageWriter out, ServiceKey service) {
        out.text(1, service.namespace());
        out.text(2, service.group());
        out.text(3, service.name());
    }

    private ServiceKey readService(MessageReader in) {
        return new ServiceKey(shared.text(in.text(1)), shared.text(in.text(2)), shared.text(in.text(3)));
    }

    private static void writePublication(MessageWriter out, Map.Entry<ServiceKey, Publication> said) {
        writeService(out, said.getKey());
        for (InstanceBytes instance : said.getValue().instances()) {
            out.bytes(4, instance.json());
        }
    }

    private Map.Entry<ServiceKey, Publication> readPublication(MessageReader in) {
        ServiceKey service = readService(in);
        List<byte[]> texts = in.allBytes(4);
        String groupedName = service.groupedName();
        List<InstanceBytes> instances = new ArrayList<>(texts.size());
        for (byte[] text : texts) {
            try {
                instances.add(InstanceBytes.encoded(shared.instance(InstanceText.read(text, groupedName)), text));
            } catch (MalformedBodyException e) {
                throw new UnknownFormException("instance of " + service + ": " + e.getMessage());
            }
        }
        return Map.entry(service, Publication.of(instances));
    }

    private ClientData readData(MessageReader in, int field) {
        ClientData data = ClientData.EMPTY;
        for (Map.Entry<ServiceKey, Publication> each : in.messages(field, publication)) {
            data = data.with(each.getKey(), each.getValue());
        }
        return data;
    }

    private void writeUpdate(MessageWriter out, RecordUpdate<ServiceKey, ClientData> said) {
        if (said instanceof RecordUpdate.Whole<ServiceKey, ClientData> whole) {
            DistroRecord<ClientData> record = whole.record();
            begin(out, WHOLE, record.client(), record.kind());
            owner(out, record.owner(), record.ownerIncarnation(), record.stamp());
            out.number(7, number(record.cause()));
            ClientData data = record.data();
            if (data != null) {
                out.messages(11, publication, data.publications().entrySet());
            }
        } else if (said instanceof RecordUpdate.Piece<ServiceKey, ClientData> piece) {
            begin(out, PIECE, piece.client(), piece.kind());
            owner(out, piece.owner(), piece.ownerIncarnation(), piece.stamp());
            out.number(7, number(piece.cause()));
            out.optionalMessage(8, stamp, piece.base());
            out.number(9, piece.index());
            out.number(10, piece.count());
            out.messages(11, publication, piece.puts().publications().entrySet());
            out.messages(12, serviceKey, piece.removed());
            out.fixed(13, piece.sum());
        } else if (said instanceof RecordUpdate.Mention<ServiceKey, ClientData> mention) {
            begin(out, MENTION, mention.client(), ClientKind.CONNECTION);
            owner(out, mention.owner(), mention.ownerIncarnation(), mention.stamp());
            out.fixed(13, mention.sum());
        } else {
            throw new IllegalStateException("update of no known form: " + said);
        }
    }

    private static void begin(MessageWriter out, int form, ClientId client, ClientKind kind) {
        out.number(1, form);
        out.text(2, client.value());
        out.number(3, KINDS.indexOf(kind));
    }

    private void owner(MessageWriter out, NodeId owner, long incarnation, Stamp written) {
        node(out, 4, owner);
        out.number(5, incarnation);
        out.message(6, stamp, written);
    }

    private RecordUpdate<ServiceKey, ClientData> readUpdate(MessageReader in) {
        int form = in.whole(1);
        ClientId client = new ClientId(in.text(2));
        ClientKind kind = known("kind of client", KINDS, in.whole(3));
        NodeId owner = node(in, 4);
        long ownerIncarnation = in.number(5);
        Stamp written = in.message(6, stamp);
        Cause cause = known("cause", CAUSES, in.whole(7));
        Stamp base = in.optionalMessage(8, stamp);
        int index = in.whole(9);
        int count = in.whole(10);
        ClientData data = readData(in, 11);
        List<ServiceKey> removed = in.messages(12, serviceKey);
        long sum = in.fixed(13);
        return switch (form) {
            case WHOLE ->
                new RecordUpdate.Whole<>(new DistroRecord<>(
                        client, kind, owner, ownerIncarnation, written, cause.ofLife() ? data : null, cause));
            case PIECE ->
                new RecordUpdate.Piece<>(
                        client, kind, owner, ownerIncarnation, written, cause, base, index, count, data, removed, sum);
            case MENTION -> new RecordUpdate.Mention<>(client, owner, ownerIncarnation, written, sum);
            default -> throw new UnknownFormException("form of an update: " + form + " (expected: 0..2)");
        };
    }
}
