package io.registry.distro;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.registry.distro.message.DistroMessage;
import io.registry.distro.message.RecordUpdate;
import io.registry.distro.model.ClientId;
import io.registry.distro.model.ClientKind;
import io.registry.distro.model.DistroRecord;
import io.registry.distro.model.NodeId;
import io.registry.distro.model.Stamp;
import io.registry.distro.testkit.MapData;
import io.registry.distro.testkit.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Two nodes write the same clients and hear of each other late, twice, and in any order. Once everything has arrived,
 * both must show the same, and neither may ever have gone back in time. One seed gives one run.
 */
class ReplicaConvergenceTest {

    private static final int STEPS = 400;

    static LongStream seeds() {
        return LongStream.range(0, 200);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void twoNodesEndWithTheSame(long seed) {
        World world = new World(new Random(seed));

        for (int step = 0; step < STEPS; step++) {
            world.step();
        }
        world.deliverAll();

        assertThat(world.one.picture()).isEqualTo(world.two.picture());
        assertThat(world.one.shown).isEqualTo(world.one.contents());
        assertThat(world.two.shown).isEqualTo(world.two.contents());
    }

    private static final class World {
        private final Random random;
        private final Peer one;
        private final Peer two;

        World(Random random) {
            this.random = random;
            this.one = new Peer("one");
            this.two = new Peer("two");
            // Up to five seconds of difference between the two clocks.
            two.time.jumpWall(Duration.ofMillis(random.nextInt(10_000) - 5_000));
        }

        void step() {
            Peer writer = random.nextBoolean() ? one : two;
            Peer reader = writer == one ? two : one;
            int dice = random.nextInt(100);
            if (dice < 55) {
                writer.write(random);
            } else if (dice < 95) {
                deliverOne(writer, reader);
            } else {
                // In all far less than the time of a tombstone: what was forgotten must not decide here.
                Duration passed = Duration.ofMillis(random.nextInt(500));
                one.time.pass(passed);
                two.time.pass(passed);
            }
        }

        void deliverAll() {
            while (!one.sent.isEmpty() || !two.sent.isEmpty()) {
                deliverOne(one, two);
                deliverOne(two, one);
            }
        }

        private void deliverOne(Peer from, Peer to) {
            if (from.sent.isEmpty()) {
                return;
            }
            int chosen = random.nextInt(from.sent.size());
            to.take(from, from.sent.get(chosen));
            if (random.nextInt(5) > 0) {
                from.sent.remove(chosen);
            }
        }
    }

    private static final class Peer {
        private final String name;
        private final VirtualTime time = new VirtualTime();
        private final List<DistroRecord<SortedMap<String, String>>> sent = new ArrayList<>();
        private final SortedMap<String, String> shown = new TreeMap<>();
        private final DistroProtocol<String, SortedMap<String, String>> node;
        private final TreeMap<ClientId, Stamp> latest = new TreeMap<>();
        private int writes;

        Peer(String name) {
            this.name = name;
            this.node = new DistroProtocol<>(
                    new NodeId(name),
                    1,
                    DistroConfig.defaults(),
                    new DistroPorts<>(new MapData(), (peer, message) -> {}, time, time, bound -> 0, client -> false),
                    this::changed);
            node.start(List.of(new NodeId("one"), new NodeId("two")), List.of());
        }

        void take(Peer from, DistroRecord<SortedMap<String, String>> record) {
            node.onMessage(
                    new DistroMessage.Sync<>(new NodeId(from.name), 1, 1, List.of(new RecordUpdate.Whole<>(record))));
        }

        /** What a consumer of changes makes of them, key by key: it must come to the store's own content. */
        private void changed(DistroChange<String, SortedMap<String, String>> change) {
            DistroRecord<SortedMap<String, String>> after = requireNonNull(change.after(), "nothing is forgotten here");
            Stamp before = latest.put(change.client(), after.stamp());
            assertThat(before == null || after.stamp().isAfter(before))
                    .as("%s after %s on %s", after, before, name)
                    .isTrue();
            for (String key : change.keys()) {
                SortedMap<String, String> data = after.data();
                String value = data == null ? null : data.get(key);
                if (value == null) {
                    shown.remove(change.client() + "/" + key);
                } else {
                    shown.put(change.client() + "/" + key, value);
                }
            }
        }

        void write(Random random) {
            boolean beats = random.nextInt(3) > 0;
            ClientId client = new ClientId(beats ? "beat-" + random.nextInt(4) : name + "-link-" + random.nextInt(30));
            String key = "service-" + random.nextInt(3);
            SortedMap<String, String> data = new TreeMap<>();
            DistroRecord<SortedMap<String, String>> before = node.known(client);
            if (before != null && before.data() != null) {
                data.putAll(before.data());
            }
            data.put(key, name + "-" + writes++);
            int dice = random.nextInt(100);
            if (dice < 40) {
                node.publish(client, beats ? ClientKind.BEAT : ClientKind.CONNECTION, data, List.of(key));
            } else if (dice < 50) {
                node.heard(client);
            } else if (dice < 60) {
                node.revive(client, data, List.of(key));
            } else if (dice < 65 && beats) {
                node.createdByBeat(client, data, List.of(key));
            } else if (dice < 80) {
                node.lapse(client, data, List.of(key));
            } else if (dice < 90) {
                node.withdraw(client);
            } else if (dice < 95) {
                node.expire(client);
            } else {
                node.adopt(client);
            }
            DistroRecord<SortedMap<String, String>> written = node.known(client);
            if (written != null && !written.equals(before)) {
                sent.add(written);
            }
        }

        List<DistroRecord<SortedMap<String, String>>> picture() {
            List<DistroRecord<SortedMap<String, String>>> records = new ArrayList<>();
            node.forEachRecord(records::add);
            return records;
        }

        SortedMap<String, String> contents() {
            SortedMap<String, String> contents = new TreeMap<>();
            for (DistroRecord<SortedMap<String, String>> record : picture()) {
                SortedMap<String, String> data = record.data();
                if (data != null) {
                    data.forEach((key, value) -> contents.put(record.client() + "/" + key, value));
                }
            }
            return contents;
        }
    }
}
