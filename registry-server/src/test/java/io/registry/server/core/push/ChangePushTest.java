package io.registry.server.core.push;

import static io.registry.server.core.CoreFixture.instance;
import static io.registry.server.core.CoreFixture.service;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.registry.api.model.Instance;
import io.registry.api.model.ServiceKey;
import io.registry.proto.codec.MalformedBodyException;
import io.registry.proto.codec.Pushes;
import io.registry.proto.codec.ServerDecoder;
import io.registry.proto.envelope.Envelope;
import io.registry.proto.envelope.MalformedEnvelopeException;
import io.registry.proto.envelope.OutboundEnvelope;
import io.registry.proto.payload.HostList;
import io.registry.proto.payload.ServerPush;
import io.registry.server.core.CoreFixture;
import io.registry.server.core.service.ServiceAnswer;
import io.registry.server.grpc.call.ServiceParts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Subscribers that are told what has changed, through the bytes that would travel. */
@SuppressWarnings("FutureReturnValueIgnored") // on manual time every stage is complete when the call returns
class ChangePushTest {

    private static final int ENOUGH = 40;

    private final CoreFixture core = new CoreFixture();
    private final ServiceKey orders = service("orders");
    private final CoreFixture.Receiver subscriber = core.connect("s");
    private final CoreFixture.Receiver publisher = core.connect("p");
    private final Pushes pushes = new Pushes("", "node", 1);

    /** What the subscriber holds, as it would. */
    private HostList held = HostList.EMPTY;

    private long revision = -1;
    private int read;

    ChangePushTest() {
        subscriber.changes = true;
    }

    private void publish(CoreFixture.Receiver client, List<Instance> instances) {
        core.operators.connections().registerBatch(CoreFixture.CALLER, client.client, orders, instances);
    }

    private static List<Instance> many(int count) {
        List<Instance> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(instance("10.0.0." + i, 80));
        }
        return all;
    }

    private void subscribe(String clusters) {
        core.operators.connections().subscribe(subscriber.client, orders, clusters);
        core.time.advance(Duration.ofSeconds(1));
    }

    private OutboundEnvelope encoded(Push push) {
        if (push instanceof Push.Change change) {
            ServiceParts parts = ServiceParts.of(change.answer());
            return pushes.notifyChange(
                    "1",
                    change.delta().from(),
                    change.answer().payload().revision(),
                    change.delta().edits(),
                    parts.head(),
                    parts.hosts(),
                    parts.tail());
        }
        ServiceAnswer answer = ((Push.Service) push).answer();
        ServiceParts parts = ServiceParts.of(answer);
        return pushes.notifySubscriber(
                "1",
                answer.payload().revision(),
                answer.payload().emptyOnPurpose(),
                parts.head(),
                parts.hosts(),
                parts.tail());
    }

    private ServerPush received(Push push) {
        try {
            return requireNonNull(
                    ServerDecoder.push(Envelope.decode(encoded(push).toBytes()), (group, name) -> held));
        } catch (MalformedBodyException | MalformedEnvelopeException e) {
            throw new AssertionError(e);
        }
    }

    /** Takes in what has been pushed, and acknowledges it. */
    private void takeIn() {
        for (; read < subscriber.pushes.size(); read++) {
            Push push = subscriber.pushes.get(read);
            ServerPush received = received(push);
            if (received instanceof ServerPush.NotifyChange change) {
                assertThat(change.base().revision()).isEqualTo(revision);
                held = requireNonNull(held.edited(
                        change.removed(), change.put(), change.service().hosts(), change.count()));
                revision = change.revision();
            } else if (received instanceof ServerPush.NotifySubscriber whole) {
                held = requireNonNull(whole.service()).hosts();
                revision = requireNonNull(whole.revision()).revision();
            }
            core.operators.connections().acknowledged(subscriber.client, push.id(), true);
        }
    }

    private void assertHoldsTheTruth(String clusters) {
        List<Instance> truth = core.services.viewOrAbsent(orders).payload(clusters, false).shown().instances().stream()
                .map(bytes -> bytes.instance())
                .map(one -> new Instance(
                        "",
                        one.ip(),
                        one.port(),
                        one.weight(),
                        one.healthy(),
                        one.enabled(),
                        one.ephemeral(),
                        one.cluster(),
                        one.metadata(),
                        orders.groupedName()))
                .toList();
        assertThat(held.instances()).isEqualTo(truth);
    }

    private long changes() {
        return subscriber.pushes.stream().filter(Push.Change.class::isInstance).count();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void whateverHappensTheSubscriberHoldsTheListInItsOrder(long seed) {
        Random random = new Random(seed);
        String clusters = seed % 2 == 0 ? "" : "a,b";
        List<CoreFixture.Receiver> publishers = new ArrayList<>();
        List<List<Instance>> said = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            publishers.add(core.connect("p" + random.nextInt(1_000_000)));
            said.add(new ArrayList<>());
        }
        subscribe(clusters);
        for (int step = 0; step < 300; step++) {
            for (int times = random.nextInt(4); times >= 0; times--) {
                int who = random.nextInt(publishers.size());
                List<Instance> of = said.get(who);
                edit(of, who, random);
                publish(publishers.get(who), of);
            }
            if (random.nextInt(20) == 0) {
                subscriber.ready = !subscriber.ready;
                if (subscriber.ready) {
                    core.operators.connections().ready(subscriber.client);
                }
            }
            core.time.advance(Duration.ofMillis(random.nextInt(120)));
            takeIn();
        }
        subscriber.ready = true;
        core.operators.connections().ready(subscriber.client);
        core.time.advance(Duration.ofSeconds(10));
        takeIn();

        assertHoldsTheTruth(clusters);
        assertThat(changes()).isGreaterThan(20);
    }

    private static void edit(List<Instance> of, int who, Random random) {
        int what = random.nextInt(5);
        if (of.isEmpty() || what < 2) {
            Instance come = new Instance(
                    "",
                    "10.0." + who + "." + random.nextInt(200),
                    80,
                    1,
                    random.nextInt(4) > 0,
                    random.nextInt(8) > 0,
                    true,
                    List.of("a", "b", "c").get(random.nextInt(3)),
                    Map.of("k", "\"[{" + random.nextInt(3)));
            of.removeIf(there -> there.key().equals(come.key()));
            of.add(random.nextInt(of.size() + 1), come);
        } else if (what == 2) {
            of.remove(random.nextInt(of.size()));
        } else if (what == 3) {
            int at = random.nextInt(of.size());
            of.set(at, of.get(at).withHealthy(!of.get(at).healthy()));
        } else {
            java.util.Collections.shuffle(of, random);
        }
    }

    @Test
    void oneChangeOfManyIsToldAlone() {
        List<Instance> all = many(ENOUGH);
        publish(publisher, all);
        subscribe("");
        takeIn();

        all.set(7, all.get(7).withHealthy(false));
        publish(publisher, all);

        assertThat(subscriber.pushes).hasSize(2);
        assertThat(subscriber.pushes.get(1)).isInstanceOfSatisfying(Push.Change.class, change -> {
            assertThat(change.answer().payload().count()).isEqualTo(1);
            assertThat(new String(change.delta().edits(), java.nio.charset.StandardCharsets.UTF_8))
                    .isEqualTo(",\"removed\":[7],\"put\":[7],\"count\":" + ENOUGH);
        });
        takeIn();
        assertHoldsTheTruth("");
    }

    @Test
    void whoDoesNotSayThatItUnderstandsIsToldTheWhole() {
        subscriber.changes = false;
        List<Instance> all = many(ENOUGH);
        publish(publisher, all);
        subscribe("");
        publish(publisher, all.subList(1, ENOUGH));
        core.time.advance(Duration.ofSeconds(1));

        assertThat(subscriber.pushes).hasSize(2);
        assertThat(changes()).isZero();
    }

    @Test
    void aShortListAndOneThatIsMostlyNewAreToldWhole() {
        publish(publisher, many(3));
        subscribe("");
        publish(publisher, many(4));
        core.time.advance(Duration.ofSeconds(1));
        publish(publisher, many(200));
        core.time.advance(Duration.ofSeconds(1));

        assertThat(subscriber.pushes).hasSize(3);
        assertThat(changes()).isZero();
    }

    @Test
    void aChangeThatDidNotFitIsHealedByTheWholeAtOnceAndOnce() {
        List<Instance> all = many(ENOUGH);
        publish(publisher, all);
        subscribe("");
        takeIn();
        for (int i = 0; i < 3; i++) {
            publish(publisher, all.subList(i + 1, ENOUGH));
            core.time.advance(Duration.ofMillis(100));
        }
        assertThat(changes()).isEqualTo(3);

        for (Push push : List.copyOf(subscriber.pushes)) {
            core.operators.connections().acknowledged(subscriber.client, push.id(), false);
        }
        core.time.advance(Duration.ofSeconds(3));

        assertThat(subscriber.pushes).hasSize(5);
        assertThat(subscriber.pushes.get(4)).isInstanceOfSatisfying(Push.Service.class, whole -> {
            assertThat(whole.answer().payload().count()).isEqualTo(ENOUGH - 3);
            core.operators.connections().acknowledged(subscriber.client, whole.id(), true);
        });
        publish(publisher, all);
        core.time.advance(Duration.ofSeconds(10));
        assertThat(changes()).isEqualTo(4);
    }

    @Test
    void whoHasNotAcknowledgedIsToldTheWhole() {
        List<Instance> all = many(ENOUGH);
        publish(publisher, all);
        subscribe("");
        takeIn();
        publish(publisher, all.subList(1, ENOUGH));
        core.time.advance(Duration.ofSeconds(6));

        assertThat(subscriber.pushes).hasSize(3);
        assertThat(subscriber.pushes.get(2)).isInstanceOf(Push.Service.class);
    }

    @Test
    void whoTakesNoMoreIsToldTheWholeWhenItDoes() {
        List<Instance> all = many(ENOUGH);
        publish(publisher, all);
        subscribe("");
        takeIn();
        subscriber.ready = false;
        publish(publisher, all.subList(1, ENOUGH));
        core.time.advance(Duration.ofSeconds(1));
        subscriber.ready = true;
        core.operators.connections().ready(subscriber.client);

        assertThat(subscriber.pushes).hasSize(2);
        assertThat(subscriber.pushes.get(1)).isInstanceOf(Push.Service.class);
    }

    @Test
    void thatAllSaidGoodbyeIsToldApartFromTheirLoss() {
        publish(publisher, many(2));
        subscribe("");
        core.operators.connections().deregister(CoreFixture.CALLER, publisher.client, orders);
        core.time.advance(Duration.ofSeconds(1));
        assertThat(lastWhole().answer().payload().emptyOnPurpose()).isTrue();

        publish(publisher, many(2));
        core.time.advance(Duration.ofSeconds(1));
        assertThat(lastWhole().answer().payload().emptyOnPurpose()).isFalse();
        core.operators.connections().gone(publisher.client, false);
        core.time.advance(Duration.ofSeconds(1));

        assertThat(lastWhole().answer().payload().count()).isZero();
        assertThat(lastWhole().answer().payload().emptyOnPurpose()).isFalse();
    }

    private Push.Service lastWhole() {
        return (Push.Service) subscriber.pushes.get(subscriber.pushes.size() - 1);
    }
}
