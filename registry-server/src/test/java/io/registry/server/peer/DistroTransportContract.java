package io.registry.server.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.registry.api.model.Instance;
import io.registry.api.model.ServiceKey;
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
import io.registry.server.core.client.ClientData;
import io.registry.server.core.client.InstanceBytes;
import io.registry.server.core.client.Publication;
import io.registry.server.peer.codec.RandomMessages;
import io.registry.server.testkit.Await;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What whoever replicates may rely on, whatever carries the messages. */
abstract class DistroTransportContract {

    static final Duration PATIENCE = Duration.ofSeconds(30);

    /** A node that speaks through the transport. */
    interface Node {

        NodeId id();

        long incarnation();

        /** Sends; must come back at once. */
        void send(NodeId peer, DistroMessage<ServiceKey, ClientData> message);

        /** Returns what has arrived, in that order. */
        List<DistroMessage<ServiceKey, ClientData>> received();

        /** Takes nothing more until {@link #resume()}, as a node does whose loop is stuck. */
        void hold();

        void resume();

        void stop();
    }

    /** Starts a node that all members know, and that knows them. */
    abstract Node start(String id, long incarnation);

    /** Starts a node that is no member, and knows the members. */
    abstract Node startStranger(String id);

    /** Ends what is left. */
    abstract void stopAll();

    @AfterEach
    final void stopNodes() {
        stopAll();
    }

    @Test
    void everyKindOfMessageArrivesAsItWasSent() {
        Node one = start("one", 1);
        Node two = start("two", 4);
        awaitHearing(one, two);
        RandomMessages random = new RandomMessages(1, one.id(), one.incarnation());

        for (int kind = 0; kind < RandomMessages.KINDS; kind++) {
            DistroMessage<ServiceKey, ClientData> message = random.next(kind);
            one.send(two.id(), message);

            Await.until("kind " + kind, PATIENCE, () -> two.received().contains(message));
        }
    }

    @Test
    void messagesArriveOnceAndInTheirOrderWhereTheyArrive() {
        Node one = start("one", 1);
        Node two = start("two", 1);
        awaitHearing(one, two);

        for (int i = 1; i <= 2_000; i++) {
            one.send(two.id(), ack(one, i));
        }
        awaitArrival(one, two, 1_000_000);

        List<Long> numbers = numbers(two).stream().filter(n -> n <= 2_000).toList();
        assertThat(numbers).isNotEmpty().doesNotHaveDuplicates().isSorted();
    }

    @Test
    void bothWaysAreThereAtTheSameTime() {
        Node one = start("one", 1);
        Node two = start("two", 1);
        Node three = start("three", 1);

        for (Node from : List.of(one, two, three)) {
            for (Node to : List.of(one, two, three)) {
                if (from != to) {
                    awaitHearing(from, to);
                }
            }
        }
    }

    @Test
    void aMessageToNobodyIsLost() {
        Node one = start("one", 1);

        assertThatCode(() -> one.send(new NodeId("nobody"), ack(one, 1))).doesNotThrowAnyException();
    }

    /** Two gigabytes are said to a peer that takes nothing. */
    @Test
    void aPeerThatTakesNothingCostsNoMoreThanABound() {
        Node one = start("one", 1);
        Node two = start("two", 1);
        awaitHearing(one, two);
        two.hold();
        List<Publication> content = List.of(large(), large());

        for (int i = 1; i <= 20_000; i++) {
            one.send(two.id(), sync(one, i, content.get(i % 2)));
            one.send(two.id(), digest(one, i));
        }
        two.resume();

        awaitArrival(one, two, 1_000_000);
        Await.until("the newest digest", PATIENCE, () -> two.received().contains(digest(one, 20_000)));
        assertThat(two.received().stream()
                        .filter(m -> m instanceof DistroMessage.Sync)
                        .count())
                .isBetween(1L, 300L);
        assertThat(two.received().stream()
                        .filter(m -> m instanceof DistroMessage.Digest)
                        .count())
                .isBetween(1L, 300L);
    }

    @Test
    void aPeerThatTakesNothingHoldsNobodyElseUp() {
        Node one = start("one", 1);
        Node two = start("two", 1);
        Node three = start("three", 1);
        awaitHearing(one, two);
        two.hold();

        for (int i = 1; i <= 1_000; i++) {
            one.send(two.id(), sync(one, i, large()));
        }

        awaitHearing(one, three);
        two.resume();
    }

    @Test
    void aPeerThatStartsAgainIsHeardAndHears() {
        Node one = start("one", 1);
        Node two = start("two", 1);
        awaitHearing(one, two);
        awaitHearing(two, one);

        two.stop();
        Node again = start("two", 2);

        awaitHearing(one, again);
        awaitHearing(again, one);
        assertThat(one.received().get(one.received().size() - 1).incarnation()).isEqualTo(2);
    }

    @Test
    void aStrangerIsNotHeardAndHearsNothing() {
        Node one = start("one", 1);
        Node two = start("two", 1);
        Node stranger = startStranger("stranger");
        awaitHearing(one, two);

        for (int i = 0; i < 50; i++) {
            stranger.send(one.id(), ack(stranger, 1));
            one.send(stranger.id(), ack(one, 1));
            awaitArrival(two, one, 1_000 + i);
        }

        assertThat(one.received()).noneMatch(message -> message.sender().equals(stranger.id()));
        assertThat(stranger.received()).isEmpty();
    }

    /** Says something again and again, since any of it may be lost, until it is heard. */
    static void awaitHearing(Node from, Node to) {
        awaitArrival(from, to, 1_000_000_000 + to.received().size());
    }

    static void awaitArrival(Node from, Node to, long number) {
        Await.until(from.id() + " is heard by " + to.id(), PATIENCE, () -> {
            from.send(to.id(), ack(from, number));
            return to.received().contains(ack(from, number));
        });
    }

    static DistroMessage<ServiceKey, ClientData> ack(Node from, long number) {
        return new DistroMessage.SyncAck<>(from.id(), from.incarnation(), 1, number, List.of());
    }

    private static List<Long> numbers(Node node) {
        return node.received().stream()
                .map(message -> ((DistroMessage.SyncAck<ServiceKey, ClientData>) message).sequence())
                .toList();
    }

    private static DistroMessage<ServiceKey, ClientData> digest(Node from, long clock) {
        return new DistroMessage.Digest<>(
                from.id(), from.incarnation(), NodeState.READY, false, clock, BucketSums.ZERO, Buckets.NONE);
    }

    private static DistroMessage<ServiceKey, ClientData> sync(Node from, long number, Publication content) {
        ServiceKey service = new ServiceKey("public", "DEFAULT_GROUP", "orders");
        return new DistroMessage.Sync<>(
                from.id(),
                from.incarnation(),
                number,
                List.of(new RecordUpdate.Whole<>(new DistroRecord<>(
                        new ClientId("client"),
                        ClientKind.CONNECTION,
                        from.id(),
                        from.incarnation(),
                        new Stamp(number, number, 0, from.id(), from.incarnation()),
                        ClientData.EMPTY.with(service, content),
                        Cause.PUBLISHED))));
    }

    /** About a hundred kilobytes. */
    private static Publication large() {
        ServiceKey service = new ServiceKey("public", "DEFAULT_GROUP", "orders");
        List<InstanceBytes> instances = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            instances.add(InstanceBytes.of(
                    Instance.builder("10.0.0.1", i)
                            .metadata("text", "x".repeat(700))
                            .build(),
                    service));
        }
        return Publication.of(instances);
    }
}
