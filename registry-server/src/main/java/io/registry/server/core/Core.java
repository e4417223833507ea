package io.registry.server.core;

import io.registry.api.model.ServiceKey;
import io.registry.distro.DistroProtocol;
import io.registry.distro.message.DistroMessage;
import io.registry.distro.model.NodeId;
import io.registry.server.core.client.ClientData;
import io.registry.server.core.client.ClientManager;
import io.registry.server.core.cluster.Membership;
import io.registry.server.core.cluster.PeerCalls;
import io.registry.server.core.cluster.Replication;
import io.registry.server.core.event.RegistryEvent;
import io.registry.server.core.operate.NodeLimits;
import io.registry.server.core.operate.Operators;
import io.registry.server.core.operate.SubscriberWait;
import io.registry.server.core.operate.Succession;
import io.registry.server.core.persistent.PersistentLog;
import io.registry.server.core.push.FuzzyWatch;
import io.registry.server.core.push.PushConfig;
import io.registry.server.core.push.PushObserver;
import io.registry.server.core.push.PushService;
import io.registry.server.core.service.ReferenceTime;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * The core of a node: its foundation, and what clients and other nodes meet.
 *
 * @param foundation what it stands on
 * @param distro the replicated records
 * @param replication the life of replication on this node
 * @param clients the connections of this node
 * @param time the time that is written into answers and pushes
 * @param pushes who is told of changes
 * @param watches who is told which services there are
 * @param operators what may be asked of the node
 * @param subscriberWait waits for the subscribers of all members
 */
public record Core(
        Foundation foundation,
        DistroProtocol<ServiceKey, ClientData> distro,
        Replication replication,
        ClientManager clients,
        ReferenceTime time,
        PushService pushes,
        FuzzyWatch watches,
        Operators operators,
        SubscriberWait subscriberWait) {

    /**
     * What is around a node.
     *
     * @param membership who belongs to the cluster
     * @param peers asks the others
     * @param log keeps what must not be lost
     * @param nanos a monotonic clock in nanoseconds, for figures only
     * @param observer is told what pushing does, for figures only
     */
    public record Surroundings(
            Membership membership, PeerCalls peers, PersistentLog log, LongSupplier nanos, PushObserver observer) {}

    /**
     * Puts a core together. It does nothing before {@link #connect}, and before its parts are started.
     *
     * @param self the node
     * @param distro made over the ports of the foundation, with its listeners
     * @param push the times of pushing
     * @param limits what the node takes in at the most
     */
    public static Core over(
            Foundation foundation,
            NodeId self,
            DistroProtocol<ServiceKey, ClientData> distro,
            Surroundings around,
            PushConfig push,
            NodeLimits limits) {
        ClientManager clients = new ClientManager();
        ReferenceTime time = new ReferenceTime(foundation.clock());
        PushService pushes = new PushService(
                foundation.loop(),
                foundation.services(),
                time,
                foundation.clock(),
                around.nanos(),
                push,
                foundation.switches()::pushEnabled,
                around.observer());
        FuzzyWatch watches = new FuzzyWatch(foundation.loop(), foundation.services(), pushes, push);
        Operators operators = Operators.over(
                self,
                foundation.loop(),
                foundation.clock(),
                foundation.origins(),
                clients,
                foundation.services(),
                distro,
                around.peers(),
                pushes,
                watches,
                time,
                foundation.beats(),
                foundation.store(),
                around.log(),
                foundation.switches(),
                limits);
        SubscriberWait subscriberWait = new SubscriberWait(
                foundation.loop(), foundation.clock(), distro, clients, pushes, around.membership(), around.peers());
        Replication replication = new Replication(foundation.loop(), around.membership(), distro);
        foundation
                .replicas()
                .subscribers(List.of(
                        foundation.services(),
                        new Succession(self, distro, foundation.services(), foundation.beats()),
                        operators.router(),
                        subscriberWait,
                        replication));
        return new Core(foundation, distro, replication, clients, time, pushes, watches, operators, subscriberWait);
    }

    /** Takes in what another node says; the time in answers and pushes follows the hybrid clock from then on. On the loop. */
    public void receive(DistroMessage<ServiceKey, ClientData> message) {
        distro.onMessage(message);
        time.follow(distro.hybridMillis());
    }

    /**
     * Has events be delivered from now on, at the end of each turn. Called once, before the first turn.
     *
     * @param others who is told beside those who push, and after them
     */
    public void connect(List<Consumer<RegistryEvent>> others) {
        List<Consumer<RegistryEvent>> all = new ArrayList<>(List.of(pushes, watches));
        all.addAll(others);
        foundation.events().subscribers(all);
        foundation.loop().afterEachTurn(foundation.events()::deliver);
    }
}
