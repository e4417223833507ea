package io.registry.server.core.encoding;

import io.registry.api.model.ServiceKey;
import io.registry.server.core.account.Account;
import io.registry.server.core.account.Accounts;
import io.registry.server.core.account.Permission;
import io.registry.server.core.account.SigningKey;
import io.registry.server.core.persistent.ClusterConfig;
import io.registry.server.core.persistent.InstanceOverride;
import io.registry.server.core.persistent.Namespace;
import io.registry.server.core.persistent.OverrideTarget;
import io.registry.server.core.persistent.PersistentState;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;

/**
 * The bytes of a snapshot of persistent state: a mark, a version, one message after its length for each service, each
 * namespace, each switch, each user, each permission and each key, an empty one at the end, and a checksum over all of it. The same state gives the same
 * bytes, in every process: all is written in the order of its keys.
 *
 * <p><b>Threading</b>: any.
 */
public final class StateCodec {

    /** The newest version that this server writes and reads. */
    public static final int VERSION = 1;

    private static final int MARK = 0x52475053;

    /** One service may have a million instances of some hundred bytes. */
    private static final int RECORD_BYTES_MAX = 1 << 30;

    private static final int CHUNK = 1 << 16;

    private static final Form<Map.Entry<String, ClusterConfig>> CLUSTER = new Form<>(
            "Cluster",
            (out, entry) -> {
                out.text(1, entry.getKey());
                out.message(2, ValueForms.CLUSTER_CONFIG, entry.getValue());
            },
            in -> Map.entry(in.text(1), in.message(2, ValueForms.CLUSTER_CONFIG)));

    private static final Form<Map.Entry<OverrideTarget, InstanceOverride>> OVERRIDE = new Form<>(
            "Override",
            (out, entry) -> {
                out.message(1, ValueForms.TARGET, entry.getKey());
                out.message(2, ValueForms.OVERRIDE, entry.getValue());
            },
            in -> Map.entry(in.message(1, ValueForms.TARGET), in.message(2, ValueForms.OVERRIDE)));

    private static final Form<Map.Entry<ServiceKey, PersistentState.Service>> SERVICE = new Form<>(
            "Service",
            (out, entry) -> {
                PersistentState.Service service = entry.getValue();
                out.message(1, ValueForms.SERVICE_KEY, entry.getKey());
                out.optionalMessage(2, ValueForms.SERVICE_METADATA, service.metadata());
                out.messages(3, ValueForms.INSTANCE, service.instances().values());
                out.messages(4, CLUSTER, service.clusters().entrySet());
                out.messages(5, OVERRIDE, service.overrides().entrySet());
            },
            in -> Map.entry(in.message(1, ValueForms.SERVICE_KEY), service(in)));

    private StateCodec() {}

    private static PersistentState.Service service(MessageReader in) {
        var metadata = in.optionalMessage(2, ValueForms.SERVICE_METADATA);
        var instances = new TreeMap<String, io.registry.api.model.Instance>();
        in.messages(3, ValueForms.INSTANCE).forEach(instance -> instances.put(instance.address(), instance));
        var clusters = new TreeMap<String, ClusterConfig>();
        in.messages(4, CLUSTER).forEach(cluster -> clusters.put(cluster.getKey(), cluster.getValue()));
        var overrides = new TreeMap<OverrideTarget, InstanceOverride>();
        in.messages(5, OVERRIDE).forEach(override -> overrides.put(override.getKey(), override.getValue()));
        return new PersistentState.Service(
                metadata, TreePMap.from(instances), TreePMap.from(clusters), TreePMap.from(overrides));
    }

    /** Writes a state; does not close the stream. */
    public static void write(PersistentState state, OutputStream stream) throws IOException {
        CheckedOutputStream checked = new CheckedOutputStream(new BufferedOutputStream(stream, CHUNK), new CRC32C());
        DataOutputStream out = new DataOutputStream(checked);
        out.writeInt(MARK);
        out.writeInt(VERSION);
        for (Map.Entry<ServiceKey, PersistentState.Service> each :
                state.services().entrySet()) {
            record(out, 1, SERVICE, each);
        }
        for (Namespace each : state.namespaces().values()) {
            record(out, 2, ValueForms.NAMESPACE, each);
        }
        for (Map.Entry<String, String> each : state.switches().entrySet()) {
            record(out, 3, ValueForms.PAIR, each);
        }
        for (Account each : state.accounts().users().values()) {
            record(out, 4, AccountForms.ACCOUNT, each);
        }
        for (Permission each : state.accounts().permissions()) {
            record(out, 5, AccountForms.PERMISSION, each);
        }
        for (SigningKey each : state.accounts().keys().values()) {
            record(out, 6, AccountForms.SIGNING_KEY, each);
        }
        new MessageWriter().writeDelimitedTo(out);
        out.writeLong(checked.getChecksum().getValue());
        out.flush();
    }

    private static <T> void record(OutputStream out, int field, Form<T> form, T value) throws IOException {
        MessageWriter message = new MessageWriter();
        message.message(field, form, value);
        message.writeDelimitedTo(out);
    }

    /** Takes what is in a state, one after another, in the order of {@link #write}. */
    public interface Records {
        /** Takes what is kept about a service. */
        void service(ServiceKey key, PersistentState.Service service);

        /** Takes a namespace. */
        void namespace(Namespace namespace);

        /** Takes a switch that was set. */
        void setting(String entry, String value);

        /** Takes a user. */
        void account(Account account);

        /** Takes a permission. */
        void permission(Permission permission);

        /** Takes a key that signs tokens. */
        void key(SigningKey key);
    }

    /**
     * Reads a state.
     *
     * @throws IOException where the bytes are damaged, or cannot be read
     * @throws UnknownFormException where this server does not know what they hold
     */
    public static PersistentState read(InputStream stream) throws IOException {
        Gathered gathered = new Gathered();
        read(stream, gathered);
        return gathered.state();
    }

    /**
     * Reads a state without holding all of it. That it is whole is known at the end only.
     *
     * @throws IOException where the bytes are damaged, or cannot be read
     * @throws UnknownFormException where this server does not know what they hold
     */
    public static void read(InputStream stream, Records records) throws IOException {
        CheckedInputStream checked = new CheckedInputStream(new BufferedInputStream(stream, CHUNK), new CRC32C());
        DataInputStream in = new DataInputStream(checked);
        try {
            int mark = in.readInt();
            if (mark != MARK) {
                throw new IOException("mark: " + Integer.toHexString(mark) + " (expected: that of a snapshot)");
            }
            int version = in.readInt();
            if (version < 1 || version > VERSION) {
                throw new UnknownFormException("version of a snapshot: " + version + " (expected: 1.." + VERSION
                        + "; a newer server has written it)");
            }
            Reading reading = new Reading(records);
            for (byte[] record = next(in); record.length > 0; record = next(in)) {
                MessageReader.read(ByteBuffer.wrap(record), reading.form);
            }
            long sum = checked.getChecksum().getValue();
            if (in.readLong() != sum) {
                throw new IOException("checksum: differs (expected: that of the content)");
            }
        } catch (EOFException e) {
            throw new IOException("length: cut off (expected: a whole snapshot)", e);
        }
    }

    private static byte[] next(DataInputStream in) throws IOException {
        long length = 0;
        int shift = 0;
        int part;
        do {
            part = in.readUnsignedByte();
            length |= (long) (part & 0x7F) << shift;
            shift += 7;
        } while (part > 0x7F && shift < Long.SIZE);
        if (length < 0 || length > RECORD_BYTES_MAX) {
            throw new IOException("length of a record: " + length + " (expected: 0.." + RECORD_BYTES_MAX + ")");
        }
        // Not allocated before it is there: a damaged length must not take the memory.
        byte[] record = in.readNBytes((int) length);
        if (record.length < length) {
            throw new EOFException();
        }
        return record;
    }

    private static final class Reading {

        private final Records records;
        private final Form<Integer> form = new Form<>("Record", (out, field) -> {}, this::take);

        Reading(Records records) {
            this.records = records;
        }

        private int take(MessageReader in) {
            int field = in.field();
            switch (field) {
                case 1 -> {
                    var entry = in.message(1, SERVICE);
                    records.service(entry.getKey(), entry.getValue());
                }
                case 2 -> records.namespace(in.message(2, ValueForms.NAMESPACE));
                case 3 -> {
                    var entry = in.message(3, ValueForms.PAIR);
                    records.setting(entry.getKey(), entry.getValue());
                }
                case 4 -> records.account(in.message(4, AccountForms.ACCOUNT));
                case 5 -> records.permission(in.message(5, AccountForms.PERMISSION));
                case 6 -> records.key(in.message(6, AccountForms.SIGNING_KEY));
                default ->
                    throw new UnknownFormException(
                            "kind of record: " + field + " (expected: 1..6; a newer server has written it)");
            }
            return field;
        }
    }

    private static final class Gathered implements Records {

        private final TreeMap<ServiceKey, PersistentState.Service> services = new TreeMap<>();
        private final TreeMap<String, Namespace> namespaces = new TreeMap<>();
        private final TreeMap<String, String> switches = new TreeMap<>();
        private final TreeMap<String, Account> users = new TreeMap<>();
        private final TreeSet<Permission> permissions = new TreeSet<>();
        private final TreeMap<String, SigningKey> keys = new TreeMap<>();

        @Override
        public void service(ServiceKey key, PersistentState.Service service) {
            services.put(key, service);
        }

        @Override
        public void namespace(Namespace namespace) {
            namespaces.put(namespace.id(), namespace);
        }

        @Override
        public void setting(String entry, String value) {
            switches.put(entry, value);
        }

        @Override
        public void account(Account account) {
            users.put(account.name(), account);
        }

        @Override
        public void permission(Permission permission) {
            permissions.add(permission);
        }

        @Override
        public void key(SigningKey key) {
            keys.put(key.id(), key);
        }

        private PersistentState state() {
            Accounts accounts = new Accounts(TreePMap.from(users), TreePSet.from(permissions), TreePMap.from(keys));
            return new PersistentState(
                    TreePMap.from(services), TreePMap.from(namespaces), TreePMap.from(switches), accounts);
        }
    }
}
