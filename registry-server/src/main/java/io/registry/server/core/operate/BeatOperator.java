package io.registry.server.core.operate;

import io.registry.api.error.ErrorCode;
import io.registry.api.error.RegistryException;
import io.registry.api.model.Instance;
import io.registry.api.model.PreservedMetadata;
import io.registry.api.model.ServiceKey;
import io.registry.distro.DistroProtocol;
import io.registry.distro.model.ClientId;
import io.registry.server.core.client.BeatIds;
import io.registry.server.core.client.BeatMonitor;
import io.registry.server.core.client.ClientData;
import io.registry.server.core.client.InstanceBytes;
import io.registry.server.core.client.Publication;
import io.registry.server.core.cluster.PeerCommand;
import io.registry.server.core.loop.RegistryLoop;
import io.registry.server.core.persistent.Switches;
import io.registry.server.core.service.ServiceManager;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Instances that live by HTTP beats, on the node that carries out what is asked of them: registration, beats, silence.
 *
 * <p><b>Threading</b>: on the loop, but for what is done before a turn.
 */
final class BeatOperator {

    /** The answer to what is no beat. */
    private static final BeatAnswer DONE = new BeatAnswer(BeatAnswer.HEARD, 0, false);

    private final RegistryLoop loop;
    private final DistroProtocol<ServiceKey, ClientData> distro;
    private final EphemeralOperator ephemeral;
    private final BeatMonitor monitor;
    private final ServiceManager services;
    private final Switches switches;
    private final InstanceAcceptance acceptance;

    BeatOperator(
            RegistryLoop loop,
            DistroProtocol<ServiceKey, ClientData> distro,
            EphemeralOperator ephemeral,
            BeatMonitor monitor,
            ServiceManager services,
            Switches switches,
            InstanceAcceptance acceptance) {
        this.loop = loop;
        this.distro = distro;
        this.ephemeral = ephemeral;
        this.monitor = monitor;
        this.services = services;
        this.switches = switches;
        this.acceptance = acceptance;
        monitor.onSilence(new Consequences());
    }

    /**
     * A command with what can be made of it before its turn.
     *
     * @param bytes the instance that it carries, encoded; null where it carries none
     */
    record Prepared(
            PeerCommand.OfInstance command, @Nullable InstanceBytes bytes) {}

    /** Returns a command as a caller of this node gives it: what it registers is completed, and refused where it is wrong. */
    PeerCommand.OfInstance accept(PeerCommand.OfInstance command) {
        if (command instanceof PeerCommand.Register register) {
            Instance accepted = acceptance.accept(register.instance(), register.service());
            return new PeerCommand.Register(register.origin(), register.service(), accepted);
        }
        return command;
    }

    /** Encodes what an accepted command carries. From any thread. */
    Prepared prepare(PeerCommand.OfInstance command) {
        InstanceBytes bytes = command instanceof PeerCommand.Register register
                ? InstanceBytes.of(register.instance(), register.service())
                : null;
        return new Prepared(command, bytes);
    }

    /** Carries a command out. On the loop. */
    BeatAnswer run(Prepared prepared) {
        loop.assertInLoop();
        PeerCommand.OfInstance command = prepared.command();
        ServiceKey service = command.service();
        ClientId client = BeatIds.of(service, command.ip(), command.port());
        if (command instanceof PeerCommand.Beat beat) {
            return heard(client, service, beat.ip(), beat.port(), beat.full());
        }
        if (prepared.bytes() != null) {
            ephemeral.publishBeating(client, service, prepared.bytes());
            monitor.registered(client, service, command.ip(), command.port());
        } else {
            monitor.forget(client);
            // Even where it is not known here: its registration may be under way from another node.
            distro.withdraw(client);
        }
        return DONE;
    }

    private BeatAnswer heard(ClientId client, ServiceKey service, String ip, int port, @Nullable Instance full) {
        Publication publication = ephemeral.data(client).about(service);
        if (publication == null) {
            return unknown(client, service, full);
        }
        if (distro.isOrphan(client) || !distro.owns(client)) {
            distro.adopt(client);
            monitor.registered(client, service, ip, port);
            monitor.mustRegister(client);
        } else if (!monitor.heard(client)) {
            monitor.registered(client, service, ip, port);
        }
        ephemeral.revive(client, service);
        Instance instance = publication.instances().get(0).instance();
        int code = monitor.isAskedToRegister(client) ? BeatAnswer.REGISTER : BeatAnswer.HEARD;
        return answer(code, metadata(service, instance));
    }

    private BeatAnswer unknown(ClientId client, ServiceKey service, @Nullable Instance full) {
        if (distro.ignoresBeat(client)) {
            return answer(BeatAnswer.HEARD, full == null ? Map.of() : full.metadata());
        }
        if (full == null || distro.refusesBeat(client)) {
            return answer(BeatAnswer.REGISTER, full == null ? Map.of() : full.metadata());
        }
        if (!full.ephemeral()) {
            throw new RegistryException(
                    ErrorCode.INVALID_PARAMETER,
                    "beat: ephemeral=false (expected: true; persistent instances do not beat)");
        }
        InstanceBytes bytes = InstanceBytes.of(acceptance.accept(full, service), service);
        ephemeral.checkRoom(service, null, 1);
        distro.createdByBeat(client, ClientData.EMPTY.with(service, bytes), List.of(service));
        monitor.registered(client, service, full.ip(), full.port());
        return answer(BeatAnswer.HEARD, full.metadata());
    }

    private BeatAnswer answer(int code, Map<String, String> metadata) {
        long interval = metadata.containsKey(PreservedMetadata.HEART_BEAT_INTERVAL)
                ? PreservedMetadata.intervalMillis(metadata)
                : switches.clientBeatInterval();
        return new BeatAnswer(code, interval, switches.lightBeatEnabled());
    }

    private Map<String, String> metadata(ServiceKey service, Instance instance) {
        return services.viewOrAbsent(service).shown(instance).metadata();
    }

    /** What follows when an instance falls silent. On the loop. */
    private final class Consequences implements BeatMonitor.Silence {

        @Override
        public BeatMonitor.Times times(ClientId client) {
            ServiceKey service = monitor.service(client);
            Publication publication =
                    service == null ? null : ephemeral.data(client).about(service);
            if (service == null || publication == null) {
                return new BeatMonitor.Times(
                        PreservedMetadata.DEFAULT_TIMEOUT.toMillis(),
                        PreservedMetadata.DEFAULT_DELETE_TIMEOUT.toMillis(),
                        false);
            }
            Map<String, String> metadata =
                    metadata(service, publication.instances().get(0).instance());
            boolean exempt =
                    !switches.checkEnabled() || "true".equals(metadata.get(PreservedMetadata.ENABLE_CLIENT_BEAT));
            return new BeatMonitor.Times(
                    PreservedMetadata.timeoutMillis(metadata), PreservedMetadata.deleteTimeoutMillis(metadata), exempt);
        }

        @Override
        public void unhealthy(ClientId client) {
            ServiceKey service = monitor.service(client);
            if (service != null) {
                ephemeral.lapse(client, service);
            }
        }

        @Override
        public void expired(ClientId client) {
            distro.expire(client);
        }
    }
}
