package io.registry.server.core.operate;

import io.registry.api.model.ServiceKey;
import io.registry.distro.DistroProtocol;
import io.registry.distro.model.NodeId;
import io.registry.distro.port.DistroClock;
import io.registry.server.core.client.BeatMonitor;
import io.registry.server.core.client.ClientData;
import io.registry.server.core.client.ClientManager;
import io.registry.server.core.cluster.PeerCalls;
import io.registry.server.core.event.Origins;
import io.registry.server.core.loop.RegistryLoop;
import io.registry.server.core.persistent.PersistentLog;
import io.registry.server.core.persistent.PersistentStore;
import io.registry.server.core.persistent.Switches;
import io.registry.server.core.push.FuzzyWatch;
import io.registry.server.core.push.PushService;
import io.registry.server.core.service.ReferenceTime;
import io.registry.server.core.service.ServiceManager;

/**
 * All operators of a node, built over the same core.
 *
 * @param connections what clients on connections do
 * @param instances instances as callers over HTTP see them
 * @param router who carries out what is asked of instances that live by beats
 * @param services services and clusters as operators see them
 * @param overrides what operators set about instances, for a scope and a time
 */
public record Operators(
        ConnectionOperator connections,
        InstanceOperator instances,
        ResponsibleRouter router,
        ServiceOperator services,
        OverrideOperator overrides) {

    /** Builds the operators. */
    public static Operators over(
            NodeId self,
            RegistryLoop loop,
            DistroClock clock,
            Origins origins,
            ClientManager clients,
            ServiceManager services,
            DistroProtocol<ServiceKey, ClientData> distro,
            PeerCalls peers,
            PushService pushes,
            FuzzyWatch watches,
            ReferenceTime time,
            BeatMonitor monitor,
            PersistentStore store,
            PersistentLog log,
            Switches switches,
            NodeLimits limits) {
        InstanceAcceptance acceptance = new InstanceAcceptance(clock);
        EphemeralOperator ephemeral = new EphemeralOperator(distro, services, origins, limits);
        BeatOperator beats = new BeatOperator(loop, distro, ephemeral, monitor, services, switches, acceptance);
        ResponsibleRouter router = new ResponsibleRouter(self, loop, distro, beats, peers, origins);
        return new Operators(
                new ConnectionOperator(
                        loop, clients, services, distro, ephemeral, pushes, watches, time, acceptance, limits),
                new InstanceOperator(beats, router, services, log, clock, origins, acceptance, limits),
                router,
                new ServiceOperator(loop, services, log, origins, limits),
                new OverrideOperator(services, store, log, clock, limits));
    }
}
