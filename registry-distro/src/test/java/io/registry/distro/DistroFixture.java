package io.registry.distro;

import static java.util.Objects.requireNonNull;

import io.registry.distro.message.DistroMessage;
import io.registry.distro.message.RecordUpdate;
import io.registry.distro.model.BucketSums;
import io.registry.distro.model.Buckets;
import io.registry.distro.model.Cause;
import io.registry.distro.model.ClientId;
import io.registry.distro.model.ClientKind;
import io.registry.distro.model.DistroRecord;
import io.registry.distro.model.NodeId;
import io.registry.distro.model.NodeState;
import io.registry.distro.model.Stamp;
import io.registry.distro.testkit.Parts;
import io.registry.distro.testkit.PartsPort;
import io.registry.distro.testkit.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One node with virtual time, and everything that its listener was told. */
final class DistroFixture {

    static final NodeId A = new NodeId("a");
    static final NodeId B = new NodeId("b");
    static final ClientId BEAT = new ClientId("10.0.0.5:8080");
    static final ClientId LINK = new ClientId("1800000000000_10.0.0.5_41000");
    static final Parts UP = Parts.of("orders", "up");
    static final Parts DOWN = Parts.of("orders", "down");
    static final List<String> ORDERS = List.of("orders");

    final VirtualTime time;
    final PartsPort port = new PartsPort();
    final List<DistroChange<String, Parts>> told = new ArrayList<>();
    final List<DistroMessage<String, Parts>> sent = new ArrayList<>();
    boolean heardLately;
    final DistroPorts<String, Parts> ports;
    private boolean started;
    private long sequence;
    final DistroProtocol<String, Parts> node;

    DistroFixture() {
        this(new VirtualTime(), A, 1, DistroConfig.defaults());
    }

    DistroFixture(VirtualTime time, NodeId self, long incarnation, DistroConfig config) {
        this.time = time;
        this.ports = new DistroPorts<>(
                port, (peer, message) -> sent.add(message), time, time, bound -> 0, client -> heardLately);
        this.node = new DistroProtocol<>(self, incarnation, config, ports, told::add);
    }

    /** The same node, started again in the same world. */
    DistroFixture restarted(long incarnation) {
        return new DistroFixture(time, A, incarnation, DistroConfig.defaults());
    }

    void register(ClientId client, ClientKind kind) {
        node.publish(client, kind, UP, ORDERS);
    }

    DistroRecord<Parts> record(ClientId client) {
        return requireNonNull(node.record(client), () -> "no record of " + client);
    }

    DistroRecord<Parts> known(ClientId client) {
        return requireNonNull(node.known(client), () -> "nothing known of " + client);
    }

    Stamp stamp(ClientId client) {
        return known(client).stamp();
    }

    DistroChange<String, Parts> last() {
        return told.get(told.size() - 1);
    }

    void forgetWhatWasTold() {
        told.clear();
    }

    Collection<DistroRecord<Parts>> snapshot() {
        List<DistroRecord<Parts>> records = new ArrayList<>();
        node.forEachRecord(records::add);
        return records;
    }

    /** Starts the node alone, with what was known before. */
    void restore(Collection<DistroRecord<Parts>> records, Duration lease) {
        started = true;
        node.start(
                List.of(A),
                records.stream().map(each -> new Kept<>(each, lease)).toList());
    }

    /** The other node says something of a record; returns whether that changed what is known. */
    boolean receive(DistroRecord<Parts> record) {
        if (!started) {
            restore(List.of(), Duration.ZERO);
        }
        DistroRecord<Parts> before = node.known(record.client());
        node.members(List.of(A, B));
        node.onMessage(new DistroMessage.Sync<>(B, 1, sequence++, List.of(new RecordUpdate.Whole<>(record))));
        return !Objects.equals(before, node.known(record.client()));
    }

    /** The other node lives, and owns nothing that could be compared. */
    void digestOfB() {
        node.onMessage(new DistroMessage.Digest<>(B, 1, NodeState.READY, false, 0, BucketSums.ZERO, Buckets.ALL));
    }

    /** A record as another node would send it. */
    static DistroRecord<Parts> fromB(ClientId client, ClientKind kind, Stamp stamp, @Nullable Parts data, Cause cause) {
        return new DistroRecord<>(client, kind, B, 1, stamp, data, cause);
    }
}
