package io.registry.server.core;

import io.registry.api.model.ServiceKey;
import io.registry.distro.DistroPorts;
import io.registry.distro.port.DistroClock;
import io.registry.distro.port.DistroTransport;
import io.registry.distro.port.Jitter;
import io.registry.server.core.client.BeatMonitor;
import io.registry.server.core.client.ClientData;
import io.registry.server.core.client.ClientDataPort;
import io.registry.server.core.client.ReplicaListeners;
import io.registry.server.core.event.EventBus;
import io.registry.server.core.event.Origins;
import io.registry.server.core.loop.RegistryLoop;
import io.registry.server.core.loss.LossGuard;
import io.registry.server.core.loss.LossGuardConfig;
import io.registry.server.core.operate.Readiness;
import io.registry.server.core.persistent.PersistentStore;
import io.registry.server.core.persistent.Switches;
import io.registry.server.core.service.ServiceManager;

/**
 * What a node has before it can reach any other: the persistent log, and with it the knowledge of who the others are, is
 * made over this, and so is replication.
 *
 * @param loop where all of it runs
 * @param clock the time
 * @param events what has happened
 * @param origins who asked for what happens
 * @param store what the persistent log has come to
 * @param switches what operators have set
 * @param readiness whether clients may come; it is still starting
 * @param guard holds back the loss of many instances at once
 * @param services the index
 * @param beats who was heard when
 * @param replicas who is told of changes in the replica store
 */
public record Foundation(
        RegistryLoop loop,
        DistroClock clock,
        EventBus events,
        Origins origins,
        PersistentStore store,
        Switches switches,
        Readiness readiness,
        LossGuard guard,
        ServiceManager services,
        BeatMonitor beats,
        ReplicaListeners replicas) {

    /** Makes the foundation of a node that knows nothing yet, and holds back such losses as all do by default. */
    public static Foundation over(RegistryLoop loop, DistroClock clock) {
        return over(loop, clock, LossGuardConfig.defaults());
    }

    /** Makes the foundation of a node that knows nothing yet. */
    public static Foundation over(RegistryLoop loop, DistroClock clock, LossGuardConfig losses) {
        EventBus events = new EventBus();
        Origins origins = new Origins();
        PersistentStore store = new PersistentStore();
        Switches switches = new Switches(store);
        LossGuard guard = new LossGuard(losses, loop, clock, events);
        return new Foundation(
                loop,
                clock,
                events,
                origins,
                store,
                switches,
                new Readiness(switches::overriddenServerStatus),
                guard,
                new ServiceManager(events, clock, store, guard, origins),
                new BeatMonitor(loop, clock),
                new ReplicaListeners());
    }

    /** Returns what replication sees of the world. */
    public DistroPorts<ServiceKey, ClientData> ports(DistroTransport<ServiceKey, ClientData> transport, Jitter jitter) {
        return new DistroPorts<>(new ClientDataPort(), transport, clock, loop, jitter, beats::heardLately);
    }
}
