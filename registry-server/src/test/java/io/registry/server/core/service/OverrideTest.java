package io.registry.server.core.service;

import static io.registry.server.core.CoreFixture.INCARNATION_GAP;
import static io.registry.server.core.CoreFixture.instance;
import static io.registry.server.core.CoreFixture.service;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.registry.api.error.RegistryException;
import io.registry.api.model.Instance;
import io.registry.api.model.InstanceKey;
import io.registry.api.model.ServiceKey;
import io.registry.distro.DistroConfig;
import io.registry.server.core.CoreFixture;
import io.registry.server.core.event.RegistryEvent;
import io.registry.server.core.operate.OverrideOperator;
import io.registry.server.core.persistent.InstanceOverride;
import io.registry.server.core.persistent.InstancePatch;
import io.registry.server.core.persistent.OverrideTarget;
import io.registry.server.core.persistent.PersistentCommand;
import io.registry.server.core.persistent.PersistentStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OverrideTest {

    private static final InstanceKey KEY = new InstanceKey("10.0.0.1", 80, "DEFAULT");
    private static final OverrideTarget INCARNATION = OverrideTarget.incarnation(KEY);
    private static final OverrideTarget ADDRESS = OverrideTarget.address("10.0.0.1", 80);
    private static final Duration MILLI = Duration.ofMillis(1);
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration LEASE = DistroConfig.defaults().ownerLease();

    private final CoreFixture core = new CoreFixture();
    private final ServiceKey orders = service("orders");
    private final CoreFixture.Receiver one = core.connect("1");
    private final CoreFixture.Receiver two = core.connect("2");

    @BeforeEach
    void haveServedForLong() {
        core.time.advance(LEASE.plus(MINUTE));
    }

    @Test
    void whatIsSetForAnIncarnationOutlivesAShortGap() {
        register(one);
        setByUpdate(7);
        deregister(one);
        core.time.advance(INCARNATION_GAP);

        register(two);
        assertThat(weight(core)).isEqualTo(7);
        core.time.advance(Duration.ofHours(3));

        assertThat(weight(core)).isEqualTo(7);
    }

    @Test
    void whatIsSetForAnIncarnationDoesNotReachTheNext() {
        List<RegistryEvent> ends = ends();
        register(one);
        setByUpdate(7);
        deregister(one);
        core.time.advance(INCARNATION_GAP.plus(MILLI));

        register(two);

        assertThat(weight(core)).isEqualTo(1);
        assertThat(core.store.state().service(orders).overrides()).isEmpty();
        assertThat(ends)
                .containsExactly(
                        new RegistryEvent.OverrideEnded(orders, "incarnation", "10.0.0.1", 80, "DEFAULT", "removed"));
    }

    @Test
    void eachGapIsCountedAnew() {
        register(one);
        setByUpdate(7);
        for (int i = 0; i < 5; i++) {
            deregister(one);
            core.time.advance(INCARNATION_GAP.minus(MILLI));
            register(one);
        }

        core.time.advance(Duration.ofHours(1));

        assertThat(weight(core)).isEqualTo(7);
    }

    @Test
    void anAddressThatAnotherClientStillPublishesHasNotGone() {
        register(one);
        register(two);
        setByUpdate(7);
        deregister(one);
        core.time.advance(Duration.ofHours(1));
        assertThat(weight(core)).isEqualTo(7);

        deregister(two);
        core.time.advance(INCARNATION_GAP);
        register(one);
        assertThat(weight(core)).isEqualTo(7);
        deregister(one);
        core.time.advance(INCARNATION_GAP.plus(MILLI));

        assertThat(core.store.state().service(orders).overrides()).isEmpty();
    }

    @Test
    void whatIsSetForAnAddressOrAServiceWaitsForWhoeverComes() {
        set(OverrideTarget.WHOLE_SERVICE, new InstancePatch(null, null, Map.of("zone", "a")), 0);
        set(ADDRESS, new InstancePatch(7.0, null, null), 0);
        core.time.advance(Duration.ofDays(2));
        register(one);
        assertThat(weight(core)).isEqualTo(7);
        deregister(one);
        core.time.advance(Duration.ofDays(2));

        register(two);

        assertThat(shown(core).weight()).isEqualTo(7);
        assertThat(shown(core).metadata()).isEqualTo(Map.of("zone", "a"));
    }

    @Test
    void theNarrowerScopeWinsInWhatItSets() {
        register(one);
        set(OverrideTarget.WHOLE_SERVICE, new InstancePatch(2.0, false, Map.of("a", "service", "b", "service")), 0);
        set(ADDRESS, new InstancePatch(3.0, null, Map.of("b", "address", "c", "address")), 0);
        set(INCARNATION, new InstancePatch(null, null, Map.of("c", "incarnation")), 0);

        Instance shown = shown(core);

        assertThat(shown.weight()).isEqualTo(3);
        assertThat(shown.enabled()).isFalse();
        assertThat(shown.metadata()).isEqualTo(Map.of("a", "service", "b", "address", "c", "incarnation"));
    }

    @Test
    void anotherClusterAtTheSameAddressIsAnotherInstanceOfTheSameIncarnation() {
        register(one);
        setByUpdate(7);
        deregister(one);
        core.operators
                .connections()
                .register(
                        CoreFixture.CALLER,
                        two.client,
                        orders,
                        new Instance("", "10.0.0.1", 80, 1, true, true, true, "other", Map.of()));
        core.time.advance(Duration.ofHours(1));
        assertThat(weight(core)).isEqualTo(1);

        register(two);

        assertThat(weight(core)).isEqualTo(7);
    }

    @Test
    void whatHasExpiredIsNoLongerShownAndForgotten() {
        List<RegistryEvent> ends = ends();
        register(one);
        set(ADDRESS, new InstancePatch(7.0, null, null), core.time.wallMillis() + 90_000);
        core.time.advance(Duration.ofSeconds(90).minus(MILLI));
        assertThat(weight(core)).isEqualTo(7);
        long revision = core.services.revision(orders);

        core.time.advance(MILLI);

        assertThat(weight(core)).isEqualTo(1);
        assertThat(core.services.revision(orders)).isGreaterThan(revision);
        assertThat(core.store.state().service(orders).overrides()).isEmpty();
        assertThat(ends)
                .containsExactly(new RegistryEvent.OverrideEnded(orders, "address", "10.0.0.1", 80, "", "expired"));
    }

    @Test
    void whatHasExpiredIsNotShownEvenWhereTheLogCannotForgetIt() {
        register(one);
        long now = core.time.wallMillis();
        set(ADDRESS, new InstancePatch(7.0, null, null), now + 90_000);
        set(OverrideTarget.WHOLE_SERVICE, new InstancePatch(5.0, null, null), now + 120_000);
        core.logInOrder = false;
        core.time.advance(Duration.ofSeconds(90));
        assertThat(weight(core)).isEqualTo(5);
        core.time.advance(Duration.ofSeconds(30));
        assertThat(weight(core)).isEqualTo(1);
        assertThat(core.store.state().service(orders).overrides()).hasSize(2);
        assertThat(core.operators.overrides().of(orders)).isEmpty();

        core.logInOrder = true;
        core.time.advance(Duration.ofSeconds(6));

        assertThat(core.store.state().service(orders).overrides()).isEmpty();
    }

    @Test
    void anExpiredOverrideOfAServiceThatIsNotThereIsForgottenToo() {
        set(ADDRESS, new InstancePatch(7.0, null, null), core.time.wallMillis() + 90_000);

        core.time.advance(Duration.ofSeconds(91));

        assertThat(core.store.state().services()).isEmpty();
    }

    @Test
    void anUpdateOfAnInstanceThatIsNotThereWaitsAsLongAsAGapMayLast() {
        core.operators.connections().register(CoreFixture.CALLER, two.client, orders, instance("10.0.0.9", 80));
        setByUpdate(7);
        core.time.advance(INCARNATION_GAP.minusSeconds(1));
        assertThat(core.store.state().service(orders).overrides()).hasSize(1);

        core.time.advance(Duration.ofSeconds(1));

        assertThat(core.store.state().service(orders).overrides()).isEmpty();
    }

    @Test
    void afterARestartAnInstanceHasTheLeaseAndAGapToComeBack() {
        register(one);
        setByUpdate(7);

        CoreFixture back = restarted();
        back.time.advance(Duration.ofHours(1));
        assertThat(back.store.state().service(orders).overrides())
                .as("nothing ends while the node does not serve")
                .hasSize(1);
        back.serving = true;
        back.time.advance(LEASE.plus(INCARNATION_GAP).minus(MINUTE.dividedBy(10)));
        register(back, back.connect("new"));
        back.time.advance(Duration.ofHours(1));
        assertThat(weight(back)).isEqualTo(7);

        CoreFixture without = restarted();
        without.serving = true;
        without.time.advance(LEASE.plus(INCARNATION_GAP).plus(Duration.ofSeconds(6)));
        assertThat(without.store.state().services()).isEmpty();
    }

    @Test
    void aNodeThatDoesNotHearAMajorityEndsNoIncarnation() {
        CoreFixture member = new CoreFixture(DistroConfig.defaults());
        CoreFixture.Receiver client = member.connect("1");
        register(member, client);
        done(member.operators.instances().update(orders, KEY, 7, true, Map.of()));
        member.majority = false;
        member.time.advance(MINUTE);
        done(member.operators.connections().deregister(CoreFixture.CALLER, client.client, orders));
        member.time.advance(Duration.ofHours(1));
        assertThat(member.store.state().service(orders).overrides()).hasSize(1);

        member.majority = true;
        member.time.advance(MINUTE);

        assertThat(member.store.state().service(orders).overrides()).isEmpty();
    }

    @Test
    void anOverrideThatIsSetAnewMeanwhileStays() {
        PersistentStore store = new PersistentStore();
        store.apply(new PersistentCommand.PutOverride(orders, ADDRESS, at(10)));
        store.apply(new PersistentCommand.PutOverride(orders, INCARNATION, at(10)));
        store.apply(new PersistentCommand.PutOverride(orders, ADDRESS, at(11)));

        store.apply(new PersistentCommand.EndOverrides(
                orders,
                List.of(new PersistentCommand.Ended(ADDRESS, 10), new PersistentCommand.Ended(INCARNATION, 10))));

        assertThat(store.state().service(orders).overrides()).containsOnly(Map.entry(ADDRESS, at(11)));
    }

    @Test
    void aChangeOfWhatHasExpiredBeginsFromNothing() {
        PersistentStore store = new PersistentStore();
        InstanceOverride expired = new InstanceOverride(7.0, false, Map.of("a", "1"), 10, 20);
        store.apply(new PersistentCommand.PutOverride(orders, INCARNATION, expired));
        store.apply(new PersistentCommand.MergeMetadata(orders, List.of(KEY), Map.of("b", "2"), false, 20));

        assertThat(store.state().service(orders).overrides())
                .containsOnly(Map.entry(
                        INCARNATION, new InstanceOverride(null, null, Map.of("b", "2"), 20, InstanceOverride.NEVER)));
    }

    @Test
    void aChangeOfWhatIsSetLeavesItsEndAsItIs() {
        PersistentStore store = new PersistentStore();
        InstanceOverride set = new InstanceOverride(7.0, false, Map.of("a", "1"), 10, 20);
        store.apply(new PersistentCommand.PutOverride(orders, INCARNATION, set));
        store.apply(new PersistentCommand.PatchOverride(orders, INCARNATION, new InstancePatch(8.0, null, null), 19));

        assertThat(store.state().service(orders).overrides())
                .containsOnly(Map.entry(INCARNATION, new InstanceOverride(8.0, false, Map.of("a", "1"), 19, 20)));
    }

    @Test
    void whatIsSetIsListedAndRemoved() {
        register(one);
        set(INCARNATION, new InstancePatch(7.0, null, null), 0);
        set(ADDRESS, new InstancePatch(null, false, null), 0);
        OverrideOperator overrides = core.operators.overrides();
        assertThat(overrides.of("public"))
                .isEqualTo(overrides.of(orders))
                .extracting(OverrideOperator.Entry::target)
                .containsExactly(INCARNATION, ADDRESS);

        assertThat(overrides.remove(orders, ADDRESS).toCompletableFuture().join())
                .isTrue();
        assertThat(overrides.remove(orders, ADDRESS).toCompletableFuture().join())
                .isFalse();

        assertThat(shown(core).enabled()).isTrue();
        assertThat(weight(core)).isEqualTo(7);
    }

    @Test
    void whatCannotBeIsRefused() {
        InstancePatch seven = new InstancePatch(7.0, null, null);
        long now = core.time.wallMillis();

        assertThatThrownBy(() -> set(INCARNATION, seven, 0))
                .isInstanceOf(RegistryException.class)
                .hasMessage("instance 10.0.0.1:80:DEFAULT of DEFAULT_GROUP@@orders is not there (expected: one that is,"
                        + " or scope=address)");
        assertThatThrownBy(() -> set(ADDRESS, new InstancePatch(null, null, null), 0))
                .isInstanceOf(RegistryException.class)
                .hasMessage("nothing is set (expected: weight, enabled or metadata)");
        assertThatThrownBy(() -> set(ADDRESS, seven, now))
                .isInstanceOf(RegistryException.class)
                .hasMessage("end: " + now + " (expected: after now, " + now + ", and within 3650 days)");
        assertThat(core.store.state().services()).isEmpty();
    }

    private static InstanceOverride at(long millis) {
        return new InstanceOverride(7.0, null, Map.of(), millis, InstanceOverride.NEVER);
    }

    /** Returns a node with what this one has kept, whose clients have not come and which does not serve yet. */
    private CoreFixture restarted() {
        CoreFixture back = new CoreFixture();
        back.serving = false;
        back.loop.post(() -> back.store.restore(core.store.state()).forEach(back.services::changed));
        return back;
    }

    private void setByUpdate(double weight) {
        done(core.operators.instances().update(orders, KEY, weight, true, Map.of()));
        core.time.advance(Duration.ofSeconds(1));
    }

    private List<RegistryEvent> ends() {
        List<RegistryEvent> ends = new ArrayList<>();
        core.witness = event -> {
            if (event instanceof RegistryEvent.OverrideEnded) {
                ends.add(event);
            }
        };
        return ends;
    }

    private void set(OverrideTarget target, InstancePatch patch, long expiresAtMillis) {
        done(core.operators.overrides().set(orders, target, patch, expiresAtMillis));
    }

    private void register(CoreFixture.Receiver client) {
        register(core, client);
    }

    private static void register(CoreFixture node, CoreFixture.Receiver client) {
        done(node.operators
                .connections()
                .register(CoreFixture.CALLER, client.client, service("orders"), instance("10.0.0.1", 80)));
    }

    private void deregister(CoreFixture.Receiver client) {
        done(core.operators.connections().deregister(CoreFixture.CALLER, client.client, orders));
    }

    private static void done(CompletionStage<? extends @Nullable Object> stage) {
        assertThat(stage.toCompletableFuture()).isCompleted();
    }

    private static double weight(CoreFixture node) {
        return shown(node).weight();
    }

    private static Instance shown(CoreFixture node) {
        return node.services.viewOrAbsent(service("orders")).instances().get(0);
    }
}
