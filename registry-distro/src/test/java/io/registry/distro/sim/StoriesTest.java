package io.registry.distro.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.registry.distro.model.NodeId;
import io.registry.distro.sim.engine.Weather;
import org.junit.jupiter.api.Test;

/** What happens in the failures that have a name. Leases are of 30 s here, half of what is usual. */
class StoriesTest {

    @Test
    void whatIsPublishedOnOneNodeIsShownOnAll() {
        Scenario story =
                Scenario.of(3).connect("x", "a", "orders").beats("y", "b").after(1);

        assertThat(story.shownEverywhere()).containsExactly("x", "y");
        assertThat(story.objection()).isNull();
    }

    @Test
    void twoNodesAreEnough() {
        Scenario story =
                Scenario.of(2).connect("x", "a", "orders").beats("y", "b").after(1);
        assertThat(story.shownEverywhere()).containsExactly("x", "y");

        story.closes("x").after(1);

        assertThat(story.shownEverywhere()).containsExactly("y");
    }

    @Test
    void oneNodeIsEnough() {
        Scenario story =
                Scenario.of(1).connect("x", "a", "orders").beats("y", "a").after(20);

        assertThat(story.shownEverywhere()).containsExactly("x", "y");
    }

    @Test
    void aMajorityForgetsWhatIsCutOffAndAMinorityKeepsEverything() {
        Scenario story = Scenario.of(3)
                .connect("x", "a", "orders")
                .connect("z", "c", "orders")
                .after(1);

        story.partition("a | b c").after(20);
        assertThat(story.shownEverywhere()).containsExactly("x", "z");

        story.after(40);
        assertThat(story.shown("a")).containsExactly("x", "z");
        assertThat(story.shown("b")).containsExactly("z");
        assertThat(story.shown("c")).containsExactly("z");

        assertThat(story.heal().settles()).isLessThan(10);
        assertThat(story.shownEverywhere()).containsExactly("x", "z");
    }

    @Test
    void anInstanceHeardOnOneSideOnlyStaysThroughAPartition() {
        Scenario story = Scenario.of(3).beats("y", "b").after(10);

        story.partition("a | b c").after(50).heal().settles();

        assertThat(story.count(Anomalies.Kind.BEAT_GAPS)).isZero();
        assertThat(story.shownEverywhere()).containsExactly("y");
    }

    @Test
    void whatWasWithdrawnInThePlaceOfADeadOwnerIsSoonKnownToWhoWasCutOffMeanwhile() {
        Scenario story = Scenario.of(3).beats("y", "a").after(10);
        String owner = story.owner("y");
        String here = story.another(owner);
        String away = "abc".replace(owner, "").replace(here, "");

        story.livesWith("y", here).crash(owner).cutsOff(away).after(6);
        story.instance("y").deregister();
        story.after(1);
        assertThat(story.shown(here)).isEmpty();
        assertThat(story.shown(away)).containsExactly("y");

        story.heal().after(4);
        assertThat(story.shown(away)).isEmpty();
    }

    @Test
    void whatFellSilentDuringALongPartitionIsGoneSoonAfterIt() {
        Scenario story = Scenario.of(3).beats("y", "a").after(10);
        String owner = story.owner("y");
        String away = story.another(owner);

        story.livesWith("y", owner).cutsOff(away).after(5);
        story.instance("y").die();
        story.after(100);
        assertThat(story.shown(owner)).isEmpty();
        assertThat(story.shown(away)).containsExactly("y");

        story.heal().after(4);
        assertThat(story.shown(away)).isEmpty();
    }

    @Test
    void whatDiedWithItsNodeIsForgottenAfterTheLease() {
        Scenario story = Scenario.of(3).connect("x", "a", "orders").after(1);

        story.dies("x").crash("a").after(25);
        assertThat(story.shownEverywhere()).containsExactly("x");

        story.after(15);
        assertThat(story.shownEverywhere()).isEmpty();
    }

    /** Or two nodes that start again and again would keep the dead for ever. */
    @Test
    void whatANodeHearsOfOrphansWhenItStartsStaysNoLongerThanElsewhere() {
        Scenario story = Scenario.of(3).connect("x", "a", "orders").after(1);

        story.dies("x").crash("a").after(15).crash("c").restart("c").untilReady("c");
        story.crash("b").restart("b").untilReady("b");
        assertThat(story.shown("b")).containsExactly("x");
        assertThat(story.shown("c")).containsExactly("x");

        story.after(15);
        assertThat(story.shown("b")).isEmpty();
        assertThat(story.shown("c")).isEmpty();
    }

    @Test
    void anOwnerThatReturnsIsBelievedAboutItsEarlierLife() {
        Scenario story = Scenario.of(3).connect("x", "a", "orders").after(1);

        story.dies("x").crash("a").after(1).restart("a").after(25);
        assertThat(story.shown("b")).containsExactly("x");

        story.after(10);
        assertThat(story.shownEverywhere()).isEmpty();
        assertThat(story.settles()).isZero();
    }

    @Test
    void aClientIsNeverAwayWhenItsNodeRestarts() {
        Scenario story = Scenario.of(3).connect("x", "a", "orders").after(1);

        story.moves("x", "b").crash("a").after(1).restart("a");
        for (int second = 0; second < 35; second++) {
            story.after(1);
            assertThat(story.shown("b")).containsExactly("x");
            assertThat(story.shown("c")).containsExactly("x");
        }

        assertThat(story.settles()).isZero();
    }

    @Test
    void aMessageOfAnEarlierLifeIsNotListenedTo() {
        Scenario story =
                Scenario.of(3).clog("a", "b", 20).connect("x", "a", "orders").after(1);

        story.dies("x").crash("a").after(1).restart("a").after(35);

        assertThat(story.shown("b")).isEmpty();
        assertThat(story.settles()).isZero();
    }

    @Test
    void aDrainedConnectionIsShownUntilItsSuccessorIs() {
        Scenario story = Scenario.of(3).connect("x", "a", "orders").after(1);

        story.moves("x", "b").life("a").reset(1);
        for (int tenth = 0; tenth < 350; tenth++) {
            story.world().loop().pass(100);
            assertThat(story.shownEverywhere()).containsExactly("x");
        }

        assertThat(story.settles()).isZero();
    }

    @Test
    void aDrainedClientThatDoesNotComeBackGoes() {
        Scenario story = Scenario.of(3).connect("x", "a", "orders").after(1);

        story.life("a").reset(1);
        story.dies("x").after(28);
        assertThat(story.shownEverywhere()).containsExactly("x");

        story.after(4);
        assertThat(story.shownEverywhere()).isEmpty();
    }

    @Test
    void aNodeThatLeavesTakesNobodyWithIt() {
        Scenario story =
                Scenario.of(3).connect("x", "a", "orders").beats("y", "b").after(6);

        story.moves("x", "b").leave("a");
        for (int second = 0; second < 60; second++) {
            story.after(1);
            assertThat(story.shown("b")).containsExactly("x", "y");
            assertThat(story.shown("c")).containsExactly("x", "y");
        }

        assertThat(story.restarted("a").settles()).isLessThan(5);
    }

    @Test
    void aLoneNodeShowsWhatItShowedBeforeItsRestart() {
        Scenario story =
                Scenario.of(1).connect("x", "a", "orders").beats("y", "a").after(20);

        story.crash("a").after(1).restartWarm("a").after(6);
        assertThat(story.shown("a")).containsExactly("x", "y");

        story.settles();
    }

    @Test
    void aCrashLoopDoesNotKeepTheDead() {
        Scenario story = Scenario.of(1).connect("x", "a", "orders").after(20);

        story.dies("x");
        for (int crash = 0; crash < 3; crash++) {
            story.crash("a").after(1).restartWarm("a").after(14);
        }
        story.crash("a").after(1).restartWarm("a").after(6);

        assertThat(story.shown("a")).isEmpty();
    }

    @Test
    void aNewMemberLoadsEverythingBeforeItIsReady() {
        Scenario story = Scenario.of(2)
                .connect("x", "a", "orders")
                .connect("z", "b", "orders")
                .after(1);

        NodeLife life = story.world().addMember().life();
        while (life != null && !life.isReady()) {
            story.world().loop().pass(10);
        }

        assertThat(story.shown("c")).containsExactly("x", "z");
        assertThat(story.settles()).isLessThan(10);
    }

    @Test
    void whatARemovedMemberOwnedGoes() {
        Scenario story = Scenario.of(3)
                .connect("x", "a", "orders")
                .connect("z", "b", "orders")
                .after(1);

        story.dies("x").removed("a").after(60);

        assertThat(story.shownEverywhere()).containsExactly("z");
        assertThat(story.settles()).isZero();
    }

    @Test
    void whatIsDeregisteredStaysAwayAlthoughItStillBeats() {
        Scenario story = Scenario.of(3).beats("y", "b").after(20);

        story.instance("y").deregister();
        story.instance("y").beatOnceMore();
        story.after(30);

        assertThat(story.shownEverywhere()).isEmpty();
        assertThat(story.count(Anomalies.Kind.DEREGISTERED_RETURNED)).isZero();
    }

    @Test
    void anInstanceThatFallsSilentIsUnhealthyAndThenGone() {
        Scenario story = Scenario.of(3).beats("y", "b").after(20).dies("y").after(18);
        assertThat(story.contents("c")).hasToString("{y={instance=1 unhealthy}}");

        story.after(16);

        assertThat(story.shownEverywhere()).isEmpty();
    }

    @Test
    void aChangeOfALargeClientTravelsAlone() {
        Scenario story = Scenario.of(3);
        String[] services = new String[1_000];
        for (int i = 0; i < services.length; i++) {
            services[i] = "service-" + i;
        }
        story.connect("x", "a", services).settles();
        story.world().network().weather(new Weather(0.1, 0.05, 500));
        long before = story.count(Anomalies.Kind.PARTS_SENT);

        for (int change = 0; change < 100; change++) {
            story.put("x", "service-" + change, "2").after(1);
        }
        story.heal().settles();

        long sent = story.count(Anomalies.Kind.PARTS_SENT) - before;
        assertThat(sent).as("parts sent for 100 changes to two nodes").isBetween(200L, 2_000L);
    }

    /** Before the partition, and after, y is with a node that is right; in between with one whose clock is ahead. */
    @Test
    void ofTwoContentsRegisteredApartTheClientIsAsked() {
        Scenario story = Scenario.of(3).beats("y", "b").after(10);
        story.world().memberNodes().get(2).wall().jump(20_000);
        story.partition("c | a b").livesWith("y", "c").registers("y", "early").after(8);
        story.livesWith("y", "b").registers("y", "late").after(8);

        story.heal();

        assertThat(story.settles()).isLessThan(20);
        assertThat(story.contents("a")).hasToString("{y={instance=late}}");
        assertThat(story.count(Anomalies.Kind.BEAT_GAPS)).isZero();
    }

    @Test
    void aNodeWithAWrongClockIsBelievedAllTheSame() {
        Scenario story =
                Scenario.of(3).beats("y", "b").connect("x", "a", "orders").after(10);
        story.world().memberNodes().get(0).wall().jump(3_600_000);

        story.put("x", "orders", "2").after(1).crash("a");
        story.world().memberNodes().get(0).wall().jump(-7_200_000);
        story.restart("a").after(15).put("x", "orders", "3").after(3);

        assertThat(story.contents("c").get("x")).hasToString("{orders=3}");
        assertThat(story.after(12).settles())
                .as("when its earlier life is over")
                .isLessThan(5);
        assertThat(story.life("a").id()).isEqualTo(new NodeId("a"));
    }
}
