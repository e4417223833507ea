package io.registry.server.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.registry.distro.model.NodeId;
import io.registry.server.core.cluster.ClusterMember;
import io.registry.server.core.loop.RegistryLoop;
import io.registry.server.lookup.ListedMembers;
import io.registry.server.secret.PeerSecret;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is known of the members, in memory and in its file. */
class GroupMembershipTest {

    private static final ClusterMember A = member("a", 1);
    private static final ClusterMember B = member("b", 2);
    private static final ClusterMember C = member("c", 3);

    @TempDir
    Path directory;

    private final ScheduledExecutorService loopThread = Executors.newSingleThreadScheduledExecutor();
    private final RegistryLoop loop = new RegistryLoop(loopThread, 100);

    @AfterEach
    void stop() {
        loopThread.shutdownNow();
    }

    @Test
    void aNodeThatStandsAloneIsTheOnlyMember() throws IOException {
        GroupMembership alone = new GroupMembership(LogFixture.config(directory.resolve("raft")), loop);

        assertThat(alone.members()).containsExactly(LogFixture.NODE);
        assertThat(alone.includesSelf()).isTrue();
    }

    @Test
    void membersAreOrderedAndKept() throws IOException {
        GroupMembership blank = membership();
        assertThat(blank.members()).isEmpty();

        blank.learn(7, List.of(C, A));

        GroupMembership again = membership();
        assertThat(again.members()).containsExactly(A, C);
        assertThat(again.includesSelf()).isTrue();
        assertThat(again.known().index()).isEqualTo(7);
    }

    @Test
    void whatIsOlderHasNoEffect() throws IOException {
        GroupMembership membership = membership();
        membership.learn(7, List.of(A, B));

        membership.learn(6, List.of(A, B, C));

        assertThat(membership.members()).containsExactly(A, B);
        assertThat(membership().members()).containsExactly(A, B);
    }

    @Test
    void whoIsNoLongerAMemberKnowsAlsoAfterARestart() throws IOException {
        GroupMembership membership = membership();
        membership.learn(7, List.of(B, C));
        assertThat(membership.left()).as("it never was one").isFalse();

        membership.learn(8, List.of(A, B, C));
        membership.learn(9, List.of(B, C));

        assertThat(membership.left()).isTrue();
        assertThat(membership().left()).isTrue();
        assertThat(membership().includesSelf()).isFalse();
    }

    @Test
    void listenersAreToldOfChangesInATurnOfTheLoop() throws Exception {
        GroupMembership membership = membership();
        List<List<ClusterMember>> told = new CopyOnWriteArrayList<>();
        membership.listen(members -> {
            loop.assertInLoop();
            told.add(members);
        });

        membership.learn(1, List.of(A, B));
        membership.learn(2, List.of(A, B));
        membership.learn(3, List.of(A, C));

        turn();
        assertThat(told).containsExactly(List.of(A, B), List.of(A, C));
    }

    @Test
    void aFileOfAnEarlierVersionIsRead() throws IOException {
        Files.writeString(directory.resolve("cluster.properties"), "member.a=10.0.0.1\\:7848\n");

        assertThat(membership().members()).containsExactly(new ClusterMember(new NodeId("a"), "", "", "10.0.0.1:7848"));
    }

    private void turn() throws ExecutionException, InterruptedException {
        loopThread.submit(() -> {}).get();
    }

    private GroupMembership membership() throws IOException {
        GroupConfig group = new GroupConfig(
                new ListedMembers(List.of(A.http(), B.http())),
                -1_000,
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 1),
                new PeerSecret("test", "a secret of the tests"),
                null);
        return new GroupMembership(new RaftConfig(directory.resolve("raft"), "test", A, 0, 20_000, group), loop);
    }

    private static ClusterMember member(String id, int number) {
        String host = "10.0.0." + number;
        return new ClusterMember(new NodeId(id), host + ":8848", host + ":9849", host + ":7848");
    }
}
