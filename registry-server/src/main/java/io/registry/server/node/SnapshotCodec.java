package io.registry.server.node;

import io.registry.api.model.Instance;
import io.registry.api.model.ServiceKey;
import io.registry.distro.Kept;
import io.registry.distro.model.Cause;
import io.registry.distro.model.ClientId;
import io.registry.distro.model.ClientKind;
import io.registry.distro.model.DistroRecord;
import io.registry.distro.model.NodeId;
import io.registry.distro.model.Stamp;
import io.registry.server.core.client.ClientData;
import io.registry.server.core.client.InstanceBytes;
import io.registry.server.core.client.Publication;
import io.registry.server.core.client.SharedParts;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The form of a snapshot: a mark and a version, the time, the records, and a checksum over all of it. Numbers are
 * big-endian; texts are a length and UTF-8. What does not check out is refused whole.
 */
final class SnapshotCodec {

    /** What stands in a snapshot. */
    record Snapshot(long writtenMillis, List<Kept<ClientData>> records) {}

    private static final int MARK = 0x52454753;
    private static final int VERSION = 1;
    private static final int TEXT_MAX = 1 << 20;

    private SnapshotCodec() {}

    static byte[] encode(long writtenMillis, Collection<Kept<ClientData>> records) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(1 << 16);
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeInt(MARK);
        out.writeInt(VERSION);
        out.writeLong(writtenMillis);
        out.writeInt(records.size());
        for (Kept<ClientData> kept : records) {
            out.writeLong(kept.lease().toMillis());
            write(out, kept.record());
        }
        CRC32C sum = new CRC32C();
        sum.update(bytes.toByteArray());
        out.writeLong(sum.getValue());
        return bytes.toByteArray();
    }

    static Snapshot decode(byte[] content) throws IOException {
        if (content.length < Integer.BYTES * 3 + Long.BYTES * 2) {
            throw new IOException("length: " + content.length + " bytes (expected: a whole snapshot)");
        }
        CRC32C sum = new CRC32C();
        sum.update(content, 0, content.length - Long.BYTES);
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(content));
        int mark = in.readInt();
        if (mark != MARK) {
            throw new IOException("mark: " + Integer.toHexString(mark) + " (expected: a snapshot's)");
        }
        int version = in.readInt();
        if (version != VERSION) {
            throw new IOException("version: " + version + " (expected: " + VERSION + ")");
        }
        long written = in.readLong();
        int count = in.readInt();
        DataInputStream trailer =
                new DataInputStream(new ByteArrayInputStream(content, content.length - Long.BYTES, Long.BYTES));
        if (trailer.readLong() != sum.getValue()) {
            throw new IOException("checksum: differs (expected: that of the content)");
        }
        SharedParts shared = new SharedParts();
        List<Kept<ClientData>> records = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            long lease = in.readLong();
            records.add(new Kept<>(read(in, shared), Duration.ofMillis(lease)));
        }
        return new Snapshot(written, records);
    }

    private static void write(DataOutputStream out, DistroRecord<ClientData> held) throws IOException {
        ClientData data = held.data();
        if (data == null) {
            throw new IllegalArgumentException("a tombstone: " + held.client());
        }
        text(out, held.client().value());
        out.writeBoolean(held.kind() == ClientKind.CONNECTION);
        text(out, held.owner().value());
        out.writeLong(held.ownerIncarnation());
        Stamp stamp = held.stamp();
        out.writeLong(stamp.told());
        out.writeLong(stamp.heard());
        out.writeInt(stamp.lapse());
        text(out, stamp.writer().value());
        out.writeLong(stamp.writerIncarnation());
        out.writeInt(data.publications().size());
        for (Map.Entry<ServiceKey, Publication> entry : data.publications().entrySet()) {
            text(out, entry.getKey().namespace());
            text(out, entry.getKey().group());
            text(out, entry.getKey().name());
            out.writeInt(entry.getValue().instances().size());
            for (InstanceBytes instance : entry.getValue().instances()) {
                write(out, instance.instance());
            }
        }
    }

    private static void write(DataOutputStream out, Instance instance) throws IOException {
        text(out, instance.id());
        text(out, instance.ip());
        out.writeInt(instance.port());
        out.writeDouble(instance.weight());
        out.writeBoolean(instance.healthy());
        out.writeBoolean(instance.enabled());
        text(out, instance.cluster());
        out.writeInt(instance.metadata().size());
        for (Map.Entry<String, String> entry : instance.metadata().entrySet()) {
            text(out, entry.getKey());
            text(out, entry.getValue());
        }
    }

    private static DistroRecord<ClientData> read(DataInputStream in, SharedParts shared) throws IOException {
        ClientId client = new ClientId(text(in));
        ClientKind kind = in.readBoolean() ? ClientKind.CONNECTION : ClientKind.BEAT;
        NodeId owner = new NodeId(text(in));
        long incarnation = in.readLong();
        Stamp stamp = new Stamp(in.readLong(), in.readLong(), in.readInt(), new NodeId(text(in)), in.readLong());
        ClientData data = ClientData.EMPTY;
        int publications = in.readInt();
        for (int i = 0; i < publications; i++) {
            ServiceKey service = new ServiceKey(shared.text(text(in)), shared.text(text(in)), shared.text(text(in)));
            int count = in.readInt();
            List<InstanceBytes> instances = new ArrayList<>();
            for (int j = 0; j < count; j++) {
                instances.add(InstanceBytes.of(instance(in, shared), service));
            }
            data = data.with(service, Publication.of(instances));
        }
        return new DistroRecord<>(client, kind, owner, incarnation, stamp, data, Cause.PUBLISHED);
    }

    private static Instance instance(DataInputStream in, SharedParts shared) throws IOException {
        String id = text(in);
        String ip = text(in);
        int port = in.readInt();
        double weight = in.readDouble();
        boolean healthy = in.readBoolean();
        boolean enabled = in.readBoolean();
        String cluster = text(in);
        int size = in.readInt();
        Map<String, String> metadata = new LinkedHashMap<>();
        for (int i = 0; i < size; i++) {
            metadata.put(text(in), text(in));
        }
        return shared.instance(new Instance(id, ip, port, weight, healthy, enabled, true, cluster, metadata));
    }

    private static void text(DataOutputStream out, @Nullable String value) throws IOException {
        byte[] bytes = (value == null ? "" : value).getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static String text(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > TEXT_MAX) {
            throw new IOException("text length: " + length + " (expected: 0.." + TEXT_MAX + ")");
        }
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new IOException("text: cut off");
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
