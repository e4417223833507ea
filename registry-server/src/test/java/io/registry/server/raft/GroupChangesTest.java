package io.registry.server.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.registry.api.error.ErrorCode;
import io.registry.api.error.RegistryException;
import io.registry.distro.model.NodeId;
import io.registry.server.core.cluster.ClusterMember;
import io.registry.server.lookup.ListedMembers;
import io.registry.server.raft.GroupMembership.Known;
import io.registry.server.raft.PeerMessages.Hello;
import io.registry.server.raft.peer.PeerServer;
import io.registry.server.secret.PeerSecret;
import io.registry.server.testkit.Ports;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Changes of the members that are refused, by a group of one member; the other node only says hello. */
class GroupChangesTest {

    private static final PeerSecret SECRET = new PeerSecret("test", "a secret of the tests");

    @TempDir
    Path directory;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final ClusterMember self = member("self", Ports.free());
    private final ClusterMember other = member("other", Ports.free());
    private final List<PeerServer> nodes = new ArrayList<>();
    private LogFixture fixture;

    @BeforeEach
    void open() {
        GroupConfig group = new GroupConfig(
                new ListedMembers(List.of(self.http())), -1_000, PeerClients.socketAddress(self.raft()), SECRET, null);
        InetSocketAddress listen = new InetSocketAddress(
                InetAddress.getLoopbackAddress(), group.listen().getPort());
        fixture = LogFixture.open(new RaftConfig(
                directory.resolve("raft"),
                "test",
                self,
                0,
                20_000,
                new GroupConfig(group.lookup(), -1_000, listen, SECRET, null)));
    }

    @AfterEach
    void close() throws IOException {
        for (PeerServer node : nodes) {
            node.close();
        }
        fixture.close();
        threads.shutdownNow();
    }

    @Test
    void aGroupOfOneFoundsItselfAndWrites() {
        fixture.propose(LogFixture.put(1));

        assertThat(fixture.log.membership().members()).containsExactly(self);
        assertThat(fixture.log.membership().leader()).contains(self.id());
    }

    @Test
    void oneChangeAtATime() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        answering(other, (kind, question) -> {
            asked.countDown();
            await(goOn);
            throw new IOException("for reasons of its own");
        });
        CompletableFuture<Void> first =
                CompletableFuture.runAsync(() -> fixture.log.changes().add(other.http()), threads);
        await(asked);

        assertRefused(other.http(), "another change of the members is under way (expected: one at a time;");

        goOn.countDown();
        assertThat(first).failsWithin(Duration.ofSeconds(20));
    }

    @Test
    void whoDoesNotAnswerIsNotAdded() {
        assertRefused(
                other.http(), "address: " + other.http() + ", which does not answer on its Raft port " + other.raft());
    }

    @Test
    void whoIsAMemberIsNotAdded() {
        assertRefused(self.http(), "address: " + self.http() + " (expected: not that of a member:");
    }

    @Test
    void whoWasRemovedIsNotAddedWithWhatItKnew() throws IOException {
        saying(other, new Known(7, List.of(self), true));

        assertRefused(other.http(), "a member that was removed (expected: a node with an empty data directory)");
    }

    @Test
    void whoBelongsElsewhereIsNotAdded() throws IOException {
        saying(other, new Known(7, List.of(other), false));

        assertRefused(other.http(), "which belongs to a cluster already (expected: a node that waits)");
    }

    @Test
    void whoHasNotFoundTheClusterIsNotAdded() throws IOException {
        saying(other, Known.NOTHING);

        assertRefused(other.http(), "which has not found this cluster yet");
    }

    @Test
    void whoCallsItselfOtherwiseIsNotAdded() throws IOException {
        ClusterMember elsewhere = new ClusterMember(other.id(), "10.0.0.1:8848", "", other.raft());
        saying(elsewhere, new Known(7, List.of(self), false));

        assertRefused(other.http(), "where a node is that others should call 10.0.0.1:8848");
    }

    @Test
    void theLastMemberIsNotRemoved() {
        assertThatThrownBy(() -> fixture.log.changes().remove(self.id().value()))
                .hasMessageContaining(
                        "without which 0 members are left, of whom 0 answer (expected: at least 1, a majority)");
    }

    @Test
    void whoIsNoMemberIsNotRemoved() {
        assertThatThrownBy(() -> fixture.log.changes().remove("10.0.0.9:8848"))
                .isInstanceOfSatisfying(
                        RegistryException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND))
                .hasMessageStartingWith("member: 10.0.0.9:8848 (expected: one of [" + self.http());
    }

    @Test
    void anAddressHasAHostAndAPort() {
        for (String wrong : List.of("10.0.0.1", "10.0.0.1:", "a b:1", ":8848", "http://10.0.0.1:8848")) {
            assertThatThrownBy(() -> fixture.log.changes().add(wrong))
                    .isInstanceOfSatisfying(
                            RegistryException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_PARAMETER))
                    .hasMessage("address: " + wrong + " (expected: host:port)");
        }
    }

    private void assertRefused(String address, String message) {
        assertThatThrownBy(() -> fixture.log.changes().add(address))
                .isInstanceOfSatisfying(
                        RegistryException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.ILLEGAL_STATE))
                .hasMessageContaining(message);
    }

    private void saying(ClusterMember node, Known known) throws IOException {
        answering(node, (kind, question) -> PeerMessages.encode(new Hello(node, known, 0, List.of())));
    }

    private void answering(ClusterMember node, PeerServer.Answers answers) throws IOException {
        PeerServer server = new PeerServer(SECRET, null, answers, threads);
        nodes.add(server);
        int port = PeerClients.socketAddress(node.raft()).getPort();
        server.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }

    private static void await(CountDownLatch latch) throws IOException {
        try {
            if (!latch.await(20, TimeUnit.SECONDS)) {
                throw new IOException("never told");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private static ClusterMember member(String id, int port) {
        return new ClusterMember(
                new NodeId(id), "127.0.0.1:" + port, "127.0.0.1:" + (port + 1_001), "127.0.0.1:" + (port - 1_000));
    }
}
