package io.registry.distro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.registry.distro.sim.Anomalies;
import io.registry.distro.sim.Plan;
import io.registry.distro.sim.Protocols;
import io.registry.distro.sim.Scenario;
import io.registry.distro.sim.Simulation;
import io.registry.distro.sim.Totals;
import java.util.Arrays;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A check that cannot object is worth nothing: each rule is taken from the protocol in turn, and something must notice.
 * Where one rule stands behind another, both are taken.
 */
class SimulationTeethTest {

    @ParameterizedTest
    @EnumSource(
            value = Rule.class,
            names = {"GREATER_STAMP_WINS", "TOMBSTONES"})
    void anyFewRunsObjectWithout(Rule rule) {
        Totals totals = Totals.of(new Simulation(without(rule)), 0, 20);

        assertThat(totals.failedSeeds()).isNotEmpty();
    }

    @Test
    void withoutABaseAndASumContentIsTorn() {
        Protocols careless = without(Rule.DELTA_BASE, Rule.DELTA_SUM);

        assertThat(Totals.of(new Simulation(careless), 0, 40).failures())
                .anyMatch(report -> report.contains("what nobody wrote"));
        assertThat(Totals.of(new Simulation(without(Rule.DELTA_BASE)), 0, 40).failedSeeds())
                .isEmpty();
    }

    @Test
    void withPiecesOfSeveralWritesAndNoSumContentIsTorn() {
        Protocols careless = without(Rule.PIECES_OF_ONE_WRITE, Rule.DELTA_SUM);

        assertThat(Totals.of(new Simulation(careless), 20, 40).failures())
                .anyMatch(report -> report.contains("what nobody wrote"));
        assertThat(Totals.of(new Simulation(without(Rule.PIECES_OF_ONE_WRITE)), 20, 40)
                        .failedSeeds())
                .isEmpty();
    }

    @Test
    void whatIsUnderWayIsRepairedNeedlesslyWithoutBusyBuckets() {
        long with = needlessRepairs(Protocols.REAL);

        assertThat(needlessRepairs(without(Rule.BUSY_BUCKETS))).isGreaterThan(with * 3 / 2);
    }

    @Test
    void livingInstancesVanishWhenSilenceIsAsGoodAsEvidence() {
        bothWays(
                without(Rule.DEFENCE),
                without(Rule.DEFENCE, Rule.LAPSES_ARE_NO_EVIDENCE),
                SimulationTeethTest::anInstanceMovesDuringAPartition);
    }

    @Test
    void anInstanceVanishesThatNobodyDefends() {
        bothWays(Rule.DEFENCE, SimulationTeethTest::anInstanceIsHeardBrieflyOnTheOtherSide);
    }

    @Test
    void whatADeadOwnerWroteIsLostWithoutHandBack() {
        bothWays(Rule.HAND_BACK, SimulationTeethTest::anOwnerDiesThatWasNotHeardByAll);
    }

    @Test
    void earlierContentStaysWithoutDoubt() {
        bothWays(Rule.CONTENT_IN_DOUBT, SimulationTeethTest::anInstanceRegistersWhereTheClockIsAhead);
    }

    @Test
    void aMinorityForgetsEverybodyWithoutTheRuleOfTheMajority() {
        bothWays(Rule.MAJORITY, SimulationTeethTest::aNodeIsCutOff);
    }

    @Test
    void aDrainedClientIsAwayForAMomentWithoutGrace() {
        bothWays(Rule.DRAIN_GRACE, SimulationTeethTest::aConnectionIsReset);
    }

    @Test
    void aClientIsAwayForAMomentWhenItsNodeRestartsWithoutGrace() {
        bothWays(Rule.RESTART_GRACE, SimulationTeethTest::anOwnerRestarts);
    }

    @Test
    void aNodeIsReadyTooEarlyWithoutLoading() {
        bothWays(Rule.LOAD_BEFORE_READY, SimulationTeethTest::aNodeLoads);
    }

    @Test
    void aNodeThatStartsLacksWhatNobodySpeaksForWithoutBeingToldOfIt() {
        bothWays(Rule.ORPHANS_TO_LOADING, SimulationTeethTest::aNodeStartsWhileAnotherIsDown);
    }

    @Test
    void aNodeThatStartsLacksWhatIsAboutToBeAnOrphanWithoutBeingToldOfIt() {
        bothWays(Rule.ORPHANS_TO_LOADING, SimulationTeethTest::aNodeStartsWhenAnotherHasJustDied);
    }

    @Test
    void whatAnOwnerDoesNotListStaysWhereThatSaysNothing() {
        bothWays(Rule.OMISSION, SimulationTeethTest::aConnectionClosesDuringALongPartition);
    }

    private interface Story {
        /** Tells it, and fails where it does not end well. */
        void tell(Protocols protocols);
    }

    private static void anInstanceMovesDuringAPartition(Protocols protocols) {
        Scenario story = story(protocols).beats("y", "a").after(10);
        String owner = story.owner("y");

        story.cutsOff(owner)
                .livesWith("y", story.another(owner))
                .after(60)
                .heal()
                .after(10);

        // The owner gives up what it cannot hear, and nobody else does.
        assertThat(story.count(Anomalies.Kind.BEAT_GAPS)).as("beat gaps").isEqualTo(1);
        story.settles();
    }

    private static void anInstanceIsHeardBrieflyOnTheOtherSide(Protocols protocols) {
        Scenario story = story(protocols).beats("y", "a").after(10);
        String owner = story.owner("y");
        story.cutsOff(owner).after(6).livesWith("y", story.another(owner)).after(6);

        story.livesWith("y", owner).after(45).heal();

        for (int second = 0; second < 10; second++) {
            story.after(1);
            assertThat(story.shown(owner)).containsExactly("y");
        }
        story.settles();
    }

    /** The first owner is cut off, the second takes a registration and dies; a third node has it. */
    private static void anOwnerDiesThatWasNotHeardByAll(Protocols protocols) {
        Scenario story = story(protocols).beats("y", "a").after(10);
        String first = story.owner("y");
        String other = story.another(first);
        story.cutsOff(first)
                .after(6)
                .livesWith("y", other)
                .registers("y", "late")
                .after(6);

        story.crash(story.ownerAsSeenBy(other, "y"))
                .livesWith("y", first)
                .heal()
                .after(10);

        assertThat(story.contents(first)).hasToString("{y={instance=late}}");
    }

    private static void anInstanceRegistersWhereTheClockIsAhead(Protocols protocols) {
        Scenario story = story(protocols).beats("y", "b").after(10).jumps("c", 20);
        story.partition("c | a b").livesWith("y", "c").registers("y", "early").after(8);

        story.livesWith("y", "b").registers("y", "late").after(8).heal();

        story.settles();
    }

    private static void aNodeIsCutOff(Protocols protocols) {
        Scenario story = story(protocols).connect("x", "b", "orders").after(1);

        story.partition("a | b c").after(60);

        assertThat(story.shown("a")).containsExactly("x");
    }

    private static void aConnectionIsReset(Protocols protocols) {
        Scenario story = story(protocols).connect("x", "a", "orders").after(1);

        story.moves("x", "b").resets("a");

        neverAway(story);
    }

    private static void anOwnerRestarts(Protocols protocols) {
        Scenario story = story(protocols).connect("x", "a", "orders").after(1);

        story.moves("x", "b").crash("a").restart("a");

        neverAway(story);
    }

    private static void aNodeLoads(Protocols protocols) {
        Scenario story = story(protocols)
                .connect("x", "a", "orders")
                .connect("z", "b", "orders")
                .after(1);

        story.crash("c").restart("c").untilReady("c");

        assertThat(story.shown("c")).containsExactly("x", "z");
    }

    private static void aNodeStartsWhileAnotherIsDown(Protocols protocols) {
        Scenario story = story(protocols).connect("x", "a", "orders").after(1);

        story.dies("x").crash("a").after(6).crash("c").restart("c").untilReady("c");

        assertThat(story.shown("c")).containsExactly("x");
    }

    /** A digest or two are missing, and nobody takes it for down yet. */
    private static void aNodeStartsWhenAnotherHasJustDied(Protocols protocols) {
        Scenario story = story(protocols).connect("x", "a", "orders").after(1);

        story.dies("x").crash("a").crash("c").after(1).restart("c").untilReady("c");

        assertThat(story.shown("c")).containsExactly("x");
    }

    /** Its tombstone is forgotten everywhere before the node that was cut off can hear of it. */
    private static void aConnectionClosesDuringALongPartition(Protocols protocols) {
        Scenario story = story(protocols).connect("x", "a", "orders").after(1);
        story.cutsOff("c").after(10);
        story.dies("x").after((int) DistroConfig.defaults().tombstoneTtlAway().toSeconds() + 120);
        assertThat(story.shown("c")).containsExactly("x");

        story.heal().after(10);

        assertThat(story.shown("c")).isEmpty();
    }

    private static void neverAway(Scenario story) {
        for (int tenth = 0; tenth < 100; tenth++) {
            story.afterMillis(100);
            assertThat(story.shown("c")).containsExactly("x");
        }
    }

    private static void bothWays(Rule rule, Story story) {
        bothWays(Protocols.REAL, without(rule), story);
    }

    private static void bothWays(Protocols with, Protocols without, Story story) {
        story.tell(with);

        assertThatThrownBy(() -> story.tell(without)).isInstanceOf(AssertionError.class);
    }

    private static Scenario story(Protocols protocols) {
        return Scenario.of(Plan.quiet(3), protocols);
    }

    private static long needlessRepairs(Protocols protocols) {
        return Totals.of(new Simulation(protocols), 0, 40).anomalies().of(Anomalies.Kind.REPAIRED_NEEDLESSLY);
    }

    private static Protocols without(Rule... rules) {
        EnumSet<Rule> kept = EnumSet.allOf(Rule.class);
        kept.removeAll(Arrays.asList(rules));
        return (self, incarnation, config, ports, listener) ->
                new DistroProtocol<>(self, incarnation, config, ports, listener, kept);
    }
}
