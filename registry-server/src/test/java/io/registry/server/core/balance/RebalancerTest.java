package io.registry.server.core.balance;

import static org.assertj.core.api.Assertions.assertThat;

import io.registry.distro.model.ClientId;
import io.registry.distro.model.NodeId;
import io.registry.server.core.ManualTime;
import io.registry.server.core.client.ClientManager;
import io.registry.server.core.client.ClientResets;
import io.registry.server.core.client.ConnectionDetails;
import io.registry.server.core.cluster.ClusterMember;
import io.registry.server.core.cluster.Membership;
import io.registry.server.core.cluster.PeerCallException;
import io.registry.server.core.cluster.PeerCalls;
import io.registry.server.core.cluster.PeerCommand;
import io.registry.server.core.cluster.PeerReply;
import io.registry.server.core.encoding.PeerCommandCodec;
import io.registry.server.core.loop.RegistryLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Several nodes, with all but their network, on time that is moved by hand. */
class RebalancerTest {

    private static final BalanceConfig CONFIG =
            new BalanceConfig(true, Duration.ofSeconds(15), 5, Duration.ofSeconds(10));

    private final ManualTime time = new ManualTime();
    private final RegistryLoop loop = new RegistryLoop(time, 1_000);
    private final List<Node> nodes = new ArrayList<>();
    private final List<Long> movesMillis = new ArrayList<>();
    private final List<ClientId> asked = new ArrayList<>();
    private Obedience obedience = Obedience.GOES;
    private int lastClient;

    private enum Obedience {
        GOES,
        STAYS,
        COMES_BACK
    }

    @Test
    void afterAScaleOutClientsAreSpreadWithinFiveMinutesAndSlowly() {
        cluster(3, 400, 400, 0);

        time.advance(Duration.ofMinutes(5));

        assertThat(counts()).allSatisfy(count -> assertThat(count).isBetween(240, 294));
        assertThat(mostMovesInASecond()).isBetween(1, 8);
        int moved = movesMillis.size();
        time.advance(Duration.ofMinutes(30));
        assertThat(movesMillis).as("moves once they are spread").hasSize(moved);
    }

    @Test
    void aFewClientsAreSpreadOneByOne() {
        cluster(3, 9, 0, 0);

        time.advance(Duration.ofMinutes(5));

        assertThat(counts()).containsExactly(3, 3, 3);
        assertThat(movesMillis).hasSize(6);
        assertThat(mostMovesInASecond()).isEqualTo(1);
    }

    @Test
    void nothingIsMovedBeforeAllMembersHaveBeenReadyForAWhile() {
        cluster(3, 300, 300, 0);
        nodes.get(2).serving = false;
        time.advance(Duration.ofMinutes(2));
        assertThat(movesMillis).isEmpty();

        nodes.get(2).serving = true;
        time.advance(Duration.ofSeconds(14));
        assertThat(movesMillis).isEmpty();

        time.advance(Duration.ofSeconds(10));
        assertThat(movesMillis).isNotEmpty();
    }

    @Test
    void whenAMemberCannotBeAskedAnyMoreMovingStops() {
        cluster(3, 600, 0, 0);
        time.advance(Duration.ofSeconds(30));
        assertThat(movesMillis).isNotEmpty();

        nodes.get(2).reachable = false;
        time.advance(Duration.ofSeconds(3));
        int moved = movesMillis.size();
        time.advance(Duration.ofMinutes(1));

        assertThat(movesMillis).hasSize(moved);
        assertThat(moved).isLessThan(400);
    }

    @Test
    void clientsThatStayAreLeftAlone() {
        obedience = Obedience.STAYS;
        cluster(2, 20, 0);

        time.advance(Duration.ofMinutes(6));
        assertThat(asked).hasSize(10);
        time.advance(Duration.ofMinutes(3));

        assertThat(asked).as("each is asked once in ten minutes").doesNotHaveDuplicates();
        time.advance(Duration.ofHours(2));
        assertThat(asked).hasSizeBetween(30, 60);
    }

    @Test
    void clientsThatComeBackAreLeftAloneForAWhile() {
        obedience = Obedience.COMES_BACK;
        cluster(2, 20, 0);

        time.advance(Duration.ofMinutes(6));
        assertThat(movesMillis).hasSize(10);
    }

    @Test
    void whereItIsSwitchedOffNothingIsMovedButByAnOperator() {
        cluster(new BalanceConfig(false, Duration.ZERO, 500, Duration.ZERO), 30, 0, 0);
        time.advance(Duration.ofMinutes(5));
        assertThat(movesMillis).isEmpty();

        assertThat(nodes.get(1).rebalancer.even(0.1)).isCompletedWithValue(1);
        time.advance(Duration.ofMinutes(5));

        assertThat(counts()).containsExactly(10, 10, 10);
        assertThat(nodes.get(1).rebalancer.even(0.1)).isCompletedWithValue(0);
    }

    @Test
    void aNodeThatStopsSendsItsClientsToAllOthersAndIsDoneWhenTheyHaveGone() {
        cluster(3, 60, 10, 20);

        CompletableFuture<@Nullable Void> gone = nodes.get(0).rebalancer.leave();
        time.advance(Duration.ofMillis(300));
        assertThat(gone).isNotDone();
        time.advance(Duration.ofSeconds(3));

        assertThat(gone).isDone();
        assertThat(counts()).containsExactly(0, 45, 45);
        assertThat(nodes.get(0).takesNoMore).isTrue();
    }

    @Test
    void aNodeThatStopsWaitsForThoseWhoStayNoLongerThanItIsAllowed() {
        obedience = Obedience.STAYS;
        cluster(3, 60, 0, 0);

        CompletableFuture<@Nullable Void> gone = nodes.get(0).rebalancer.leave();
        time.advance(Duration.ofSeconds(9));
        assertThat(gone).isNotDone();
        time.advance(Duration.ofSeconds(2));

        assertThat(gone).isDone();
    }

    @Test
    void aNodeWithoutOthersIsDoneAtOnce() {
        cluster(1, 60);

        assertThat(nodes.get(0).rebalancer.leave()).isDone();
        assertThat(movesMillis).isEmpty();
    }

    private void cluster(int size, int... clients) {
        assertThat(clients).hasSize(size);
        cluster(CONFIG, clients);
    }

    private void cluster(BalanceConfig config, int... clients) {
        for (int number = 0; number < clients.length; number++) {
            nodes.add(new Node(number, config));
        }
        for (int number = 0; number < clients.length; number++) {
            for (int i = 0; i < clients[number]; i++) {
                nodes.get(number).connect();
            }
            nodes.get(number).rebalancer.start();
        }
    }

    private List<Integer> counts() {
        return nodes.stream().map(node -> node.clients.connections().size()).toList();
    }

    private int mostMovesInASecond() {
        int most = 0;
        for (int first = 0; first < movesMillis.size(); first++) {
            int next = first;
            while (next < movesMillis.size() && movesMillis.get(next) < movesMillis.get(first) + 1_000) {
                next++;
            }
            most = Math.max(most, next - first);
        }
        return most;
    }

    private final class Node implements ClientResets, PeerCalls, Membership {

        final ClusterMember member;
        final ClientManager clients = new ClientManager();
        final Loads loads;
        final Rebalancer rebalancer;
        boolean serving = true;
        boolean reachable = true;
        boolean takesNoMore;

        Node(int number, BalanceConfig config) {
            String host = "10.0.0." + number;
            member = new ClusterMember(new NodeId("n" + number), host + ":8848", host + ":9849", host + ":7848");
            loads = new Loads(this, this, clients, () -> serving, () -> 0, () -> 0);
            rebalancer = new Rebalancer(loop, time, bound -> bound / 3, this, loads, clients, this, config);
        }

        void connect() {
            ClientId client = new ClientId("c" + lastClient++);
            clients.connected(
                    client,
                    new ConnectionDetails("10.1.1.1", 1, "10.1.1.1", "test", "app", Map.of(), time.wallMillis()));
        }

        @Override
        public boolean reset(ClientId client, @Nullable String host, int port) {
            movesMillis.add(time.wallMillis());
            asked.add(client);
            if (obedience != Obedience.STAYS) {
                Node to = obedience == Obedience.COMES_BACK ? this : at(host + ":" + port);
                loop.after(Duration.ofMillis(400), () -> {
                    to.connect();
                    clients.gone(client);
                });
            }
            return true;
        }

        @Override
        public void takeNoMore() {
            takesNoMore = true;
        }

        @Override
        public CompletableFuture<byte[]> ask(NodeId peer, byte[] command, Duration deadline) {
            Node asked = nodes.stream()
                    .filter(node -> node.member.id().equals(peer))
                    .findFirst()
                    .orElseThrow();
            if (!asked.reachable || !reachable) {
                return CompletableFuture.failedFuture(
                        new PeerCallException(PeerCallException.Reason.UNREACHED, "no stream"));
            }
            if (PeerCommandCodec.command(command) instanceof PeerCommand.Shed shed) {
                return asked.rebalancer
                        .shed(shed.keep(), null)
                        .thenApply(load -> PeerCommandCodec.encode(PeerReply.of(load)));
            }
            return CompletableFuture.completedFuture(PeerCommandCodec.encode(PeerReply.of(asked.loads.here())));
        }

        @Override
        public NodeId self() {
            return member.id();
        }

        @Override
        public List<ClusterMember> members() {
            return nodes.stream().map(node -> node.member).toList();
        }

        @Override
        public Optional<NodeId> leader() {
            return Optional.empty();
        }

        @Override
        public void listen(Listener listener) {}
    }

    private Node at(String http) {
        return nodes.stream()
                .filter(node -> node.member.http().equals(http))
                .findFirst()
                .orElseThrow();
    }
}
