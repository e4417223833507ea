package io.registry.server.boot;

import io.registry.distro.DistroConfig;
import io.registry.distro.model.NodeId;
import io.registry.proto.envelope.Methods;
import io.registry.server.core.balance.BalanceConfig;
import io.registry.server.core.loss.LossGuardConfig;
import io.registry.server.core.operate.NodeLimits;
import io.registry.server.core.push.PushConfig;
import io.registry.server.flight.FlightConfig;
import io.registry.server.health.AllowedNetworks;
import io.registry.server.health.CheckHeaders;
import io.registry.server.raft.RaftConfig;
import io.registry.server.sockets.SocketTls;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.util.unit.DataSize;

/**
 * All settings of the server. Each has a default; what is out of bounds, malformed or unknown stops the start.
 * {@code docs/operations.md} lists them with their units, and a test keeps the two alike.
 *
 * @param address what every port is bound to; loopback unless set
 * @param port the HTTP port; 0 for any free one
 * @param dataDir where the node keeps its id and its records
 * @param dataDirMoved whether that directory was brought here from elsewhere, where it is used no more
 * @param grpc the gRPC ports
 * @param raft the log of what must not be lost
 * @param cluster the cluster that the node belongs to
 * @param connection when a gRPC connection is given up
 * @param limits what is taken at most
 * @param push the times of pushing
 * @param distro the times of replication, and what carries it
 * @param balance how connections are moved between members
 * @param lossGuard which losses are held back
 * @param flight how what happens is recorded
 * @param tls which ports speak TLS
 * @param healthCheck what active checks may do
 * @param emptyServiceExpireAfter how long a service without instances and subscribers is kept
 * @param incarnationGap how long an instance may be away before it counts as another one, about which nothing is set
 * @param prometheusDiscovery whether the service discovery answers for Prometheus are served
 * @param access who may log in, and who has to
 * @param rehearsal whether the process ends by itself once it has served a few requests of its own, which is how a
 *     class archive is made
 */
record RegistryProperties(
        InetAddress address,
        int port,
        Path dataDir,
        boolean dataDirMoved,
        Grpc grpc,
        Raft raft,
        ClusterSettings cluster,
        Connection connection,
        Limits limits,
        Push push,
        Distro distro,
        BalanceConfig balance,
        LossGuardConfig lossGuard,
        FlightConfig flight,
        TlsSettings tls,
        HealthCheck healthCheck,
        Duration emptyServiceExpireAfter,
        Duration incarnationGap,
        boolean prometheusDiscovery,
        AccessSettings access,
        boolean rehearsal) {

    static final int PORT = 8848;
    private static final int SDK_OFFSET = 1000;
    private static final int CLUSTER_OFFSET = 1001;
    private static final int RAFT_OFFSET = -1000;
    private static final Duration MILLI = Duration.ofMillis(1);
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration HOUR = Duration.ofHours(1);

    /** Reads every setting that the environment holds. */
    static RegistryProperties of(ConfigurableEnvironment environment) {
        return read(Settings.of(environment));
    }

    /** Reads every setting, and refuses what is left over. */
    static RegistryProperties read(Settings settings) {
        InetAddress address = settings.address("server.address", "127.0.0.1");
        int port = settings.port("server.port", PORT);
        Path dataDir = settings.directory("registry.data-dir", "./data");
        boolean moved = settings.truth("registry.data-dir-moved", false);
        Grpc grpc = Grpc.read(settings, port);
        Raft raft = Raft.read(settings, port);
        ClusterSettings cluster = ClusterSettings.read(settings, address, port, dataDir);
        Connection connection = Connection.read(settings);
        Limits limits = Limits.read(settings);
        RegistryProperties properties = new RegistryProperties(
                address,
                port,
                dataDir,
                moved,
                grpc,
                raft,
                cluster,
                connection,
                limits,
                Push.read(settings),
                Distro.read(settings),
                BalanceSettings.read(settings),
                readLossGuard(settings, limits),
                FlightSettings.read(settings, dataDir, raft.diskReserve()),
                TlsSettings.read(settings),
                HealthCheck.read(settings),
                settings.time("registry.empty-service.expire-after", MINUTE, SECOND, HOUR.multipliedBy(24)),
                settings.time("registry.override.incarnation-gap", MINUTE, SECOND, HOUR.multipliedBy(24)),
                settings.truth("registry.prometheus-sd.enabled", true),
                AccessSettings.read(settings, address),
                settings.truth("registry.rehearsal", false));
        settings.refuseUnknown();
        properties.checkPortsDiffer(settings);
        properties.limits().checkUnfinished(settings);
        properties.checkTransport(settings);
        return properties;
    }

    /**
     * The gRPC ports.
     *
     * @param sdkPort where clients connect; they compute it as the HTTP port + 1000. 0 for any free one
     * @param clusterPort where other members connect; a node that stands alone opens none
     * @param workers how many threads serve all connections
     */
    record Grpc(int sdkPort, int clusterPort, int workers) {

        static Grpc read(Settings settings, int port) {
            return new Grpc(
                    settings.port("registry.grpc.sdk-port", derived(port, SDK_OFFSET)),
                    settings.port("registry.grpc.cluster-port", derived(port, CLUSTER_OFFSET)),
                    settings.whole("registry.grpc.workers", 2, 1, 256));
        }
    }

    /**
     * The log of what must not be lost.
     *
     * @param port where other members connect; a node that stands alone opens none
     * @param diskReserve what stays free on the disk, in bytes; below it, writes are refused
     */
    record Raft(int port, int diskReserve) {

        /** A restart applies at most about this many entries again: well below a second. */
        private static final int ENTRIES_PER_SNAPSHOT = 20_000;

        static Raft read(Settings settings, int port) {
            return new Raft(
                    settings.port("registry.raft.port", derived(port, RAFT_OFFSET)),
                    settings.bytes(
                            "registry.raft.disk-reserve",
                            DataSize.ofMegabytes(64),
                            DataSize.ofBytes(0),
                            DataSize.ofMegabytes(2_000)));
        }
    }

    /**
     * When a gRPC connection is given up.
     *
     * @param setupTimeout how long a connection may take to say who it is
     * @param idleCheckInterval the pause between two looks at all connections
     * @param idleProbeAfter how long a connection is silent before it is asked for a sign of life
     * @param probeWait how long it may take to give one; older clients need up to 5 s
     * @param blockedAfter how long a stream may stay unread before its connection counts as silent
     */
    record Connection(
            Duration setupTimeout,
            Duration idleCheckInterval,
            Duration idleProbeAfter,
            Duration probeWait,
            Duration blockedAfter) {

        static Connection read(Settings settings) {
            return new Connection(
                    settings.time("registry.connection.setup-timeout", Duration.ofSeconds(15), SECOND, MINUTE),
                    settings.time(
                            "registry.connection.idle-check-interval",
                            Duration.ofSeconds(3),
                            Duration.ofMillis(100),
                            MINUTE),
                    settings.time("registry.connection.idle-probe-after", Duration.ofSeconds(20), SECOND, HOUR),
                    settings.time("registry.connection.probe-wait", Duration.ofSeconds(5), SECOND, MINUTE),
                    settings.time("registry.connection.blocked-after", Duration.ofMinutes(5), SECOND, HOUR));
        }
    }

    /**
     * What is taken at most. Whatever exceeds a limit is refused; nothing is dropped for it.
     *
     * @param connections gRPC connections of this node
     * @param connectionsPerAddress gRPC connections from one remote address
     * @param connectionsPerApplication gRPC connections of one application, as the client names itself
     * @param connectionsPending gRPC connections that have not said who they are
     * @param callsPerConnection calls of one gRPC connection at once
     * @param grpcMessageBytes the longest gRPC message
     * @param grpcHeaderBytes the headers of one gRPC call
     * @param grpcUnfinishedBytes gRPC messages of all connections that are not complete
     * @param grpcUnfinishedPerConnectionBytes those of one connection
     * @param httpConnections HTTP connections of this node
     * @param httpBodyBytes the longest HTTP body
     * @param services services of this node
     * @param instances instances of this node
     * @param batch instances of one batch
     * @param loopQueue commands that wait to be carried out
     */
    record Limits(
            int connections,
            int connectionsPerAddress,
            int connectionsPerApplication,
            int connectionsPending,
            int callsPerConnection,
            int grpcMessageBytes,
            int grpcHeaderBytes,
            int grpcUnfinishedBytes,
            int grpcUnfinishedPerConnectionBytes,
            int httpConnections,
            int httpBodyBytes,
            int services,
            int instances,
            int batch,
            int loopQueue) {

        private static final int MANY = 10_000_000;

        static Limits read(Settings settings) {
            return new Limits(
                    settings.whole("registry.limits.connections", 10_000, 1, 1_000_000),
                    settings.whole("registry.limits.connections-per-address", 10_000, 1, 1_000_000),
                    settings.whole("registry.limits.connections-per-application", 10_000, 1, 1_000_000),
                    settings.whole("registry.limits.connections-pending", 4_096, 1, 1_000_000),
                    settings.whole("registry.limits.calls-per-connection", 256, 1, 100_000),
                    settings.bytes(
                            "registry.limits.grpc-message",
                            DataSize.ofMegabytes(10),
                            DataSize.ofKilobytes(4),
                            DataSize.ofBytes(Methods.MESSAGE_BYTES_MAX)),
                    settings.bytes(
                            "registry.limits.grpc-header",
                            DataSize.ofKilobytes(8),
                            DataSize.ofKilobytes(1),
                            DataSize.ofMegabytes(1)),
                    settings.bytes(
                            "registry.limits.grpc-unfinished",
                            DataSize.ofMegabytes(64),
                            DataSize.ofKilobytes(16),
                            DataSize.ofMegabytes(1024)),
                    settings.bytes(
                            "registry.limits.grpc-unfinished-per-connection",
                            DataSize.ofMegabytes(32),
                            DataSize.ofKilobytes(8),
                            DataSize.ofMegabytes(1024)),
                    settings.whole("registry.limits.http-connections", 8_192, 1, 1_000_000),
                    settings.bytes(
                            "registry.limits.http-body",
                            DataSize.ofMegabytes(2),
                            DataSize.ofKilobytes(1),
                            DataSize.ofMegabytes(100)),
                    settings.whole("registry.limits.services", 100_000, 1, MANY),
                    settings.whole("registry.limits.instances", 1_000_000, 1, MANY),
                    settings.whole("registry.limits.batch", 1_000, 1, 100_000),
                    settings.whole("registry.limits.loop-queue", 65_536, 16, MANY));
        }

        /** The longest message has to fit into what its connection may send unfinished, in small pieces too. */
        private void checkUnfinished(Settings settings) {
            long message = 2L * grpcMessageBytes;
            if (grpcUnfinishedPerConnectionBytes < message) {
                throw settings.refusal(
                        "registry.limits.grpc-unfinished-per-connection",
                        grpcUnfinishedPerConnectionBytes + " bytes",
                        "at least twice registry.limits.grpc-message, " + message + " bytes");
            }
            if (grpcUnfinishedBytes < grpcUnfinishedPerConnectionBytes) {
                throw settings.refusal(
                        "registry.limits.grpc-unfinished",
                        grpcUnfinishedBytes + " bytes",
                        "at least registry.limits.grpc-unfinished-per-connection, " + grpcUnfinishedPerConnectionBytes
                                + " bytes");
            }
        }

        /** Returns what the core has to know of these. */
        NodeLimits node() {
            return new NodeLimits(services, instances, batch);
        }
    }

    /**
     * The times of pushing.
     *
     * @param gather how long changes gather at least after a wave of pushes has begun; the first change after a quiet
     *     time leaves at once
     * @param settle how long after an answer a push may leave, so that it cannot overtake the answer
     * @param ackTimeout how long to wait for an acknowledgement before pushing again
     * @param retryDelay how long to wait after a refused push
     */
    record Push(Duration gather, Duration settle, Duration ackTimeout, Duration retryDelay) {

        static Push read(Settings settings) {
            return new Push(
                    settings.time("registry.push.gather", Duration.ofMillis(20), Duration.ZERO, MINUTE),
                    settings.time("registry.push.settle", Duration.ofMillis(50), Duration.ZERO, SECOND),
                    settings.time("registry.push.ack-timeout", Duration.ofSeconds(5), Duration.ofMillis(100), MINUTE),
                    settings.time("registry.push.retry-delay", SECOND, MILLI, MINUTE));
        }

        PushConfig config() {
            return new PushConfig(gather, settle, ackTimeout, retryDelay);
        }
    }

    /**
     * The times of replication, which hold on a single node too, and what carries it.
     *
     * @param ownerLease how long records outlive a restart, until their clients have come back
     * @param drainGrace how long the records of a connection stay that ended because we asked for it, or its owner
     *     stopped or started anew
     * @param snapshotInterval the pause between two savings of the records to disk, where they changed
     * @param overHttp whether members speak over their HTTP ports, and not over a port for that
     */
    record Distro(Duration ownerLease, Duration drainGrace, Duration snapshotInterval, boolean overHttp) {

        private static final String HTTP = "http";

        static Distro read(Settings settings) {
            return new Distro(
                    settings.time("registry.distro.owner-lease", MINUTE, SECOND, HOUR),
                    settings.time("registry.distro.drain-grace", Duration.ofSeconds(30), MILLI, MINUTE),
                    settings.time("registry.distro.snapshot-interval", Duration.ofSeconds(10), SECOND, HOUR),
                    settings.choice("registry.distro.transport", "grpc", List.of("grpc", HTTP))
                            .equals(HTTP));
        }

        DistroConfig config() {
            DistroConfig standard = DistroConfig.defaults();
            return new DistroConfig(
                    ownerLease,
                    drainGrace,
                    standard.tombstoneTtl(),
                    standard.tombstoneTtlAway(),
                    standard.tombstonesMax(),
                    standard.withdrawalQuiet(),
                    standard.withdrawalRefusal(),
                    standard.driftAlarm(),
                    standard.sync());
        }
    }

    /** Reads which losses are held back; the guard remembers no more instances than the node may have. */
    private static LossGuardConfig readLossGuard(Settings settings, Limits limits) {
        LossGuardConfig standard = LossGuardConfig.defaults();
        return new LossGuardConfig(
                settings.truth("registry.loss-guard.enabled", standard.enabled()),
                settings.whole("registry.loss-guard.percent", standard.percent(), 1, 99),
                settings.whole("registry.loss-guard.instances", standard.instances(), 2, Limits.MANY),
                settings.whole("registry.loss-guard.addresses", standard.addresses(), 1, 1_000),
                settings.time("registry.loss-guard.window", standard.window(), SECOND, MINUTE.multipliedBy(5)),
                settings.time("registry.loss-guard.hold", standard.hold(), SECOND, HOUR),
                limits.instances());
    }

    /**
     * What active checks of persistent instances may do.
     *
     * @param networks where they may go, as addresses with a number of bits; none for everywhere but link-local,
     *     multicast and unspecified addresses, where they never go
     * @param headers which headers HTTP checks may send
     */
    record HealthCheck(List<String> networks, List<String> headers) {

        static HealthCheck read(Settings settings) {
            List<String> networks = settings.list("registry.health-check.networks", List.of());
            try {
                AllowedNetworks.of(networks);
            } catch (IllegalArgumentException e) {
                throw settings.refusal(
                        "registry.health-check.networks",
                        String.join(",", networks),
                        "networks such as 10.0.0.0/8, with commas between them");
            }
            return new HealthCheck(
                    networks, settings.list("registry.health-check.headers", CheckHeaders.DEFAULT.allowed()));
        }
    }

    /**
     * Returns what the log has to know.
     *
     * @param tls how members speak TLS on the Raft port; null where they do not
     */
    RaftConfig raftConfig(NodeId node, @Nullable SocketTls tls) {
        return new RaftConfig(
                dataDir.resolve("raft"),
                cluster.name(),
                cluster.self(node, grpc.clusterPort(), raft.port()),
                raft.diskReserve(),
                Raft.ENTRIES_PER_SNAPSHOT,
                cluster.group(address, raft.port(), tls));
    }

    /** Members that speak over each other's HTTP port speak no TLS there. */
    private void checkTransport(Settings settings) {
        if (tls.http() && distro.overHttp()) {
            throw settings.refusal("registry.tls.http", "required", "off, with registry.distro.transport=http");
        }
        if (tls.cluster() != TlsSettings.Cluster.OFF && distro.overHttp()) {
            throw settings.refusal(
                    TlsSettings.CLUSTER,
                    tls.cluster().name().toLowerCase(Locale.ROOT),
                    "off, with registry.distro.transport=http, which has no cluster port");
        }
    }

    private void checkPortsDiffer(Settings settings) {
        List<Integer> ports = List.of(port, grpc.sdkPort(), grpc.clusterPort(), raft.port());
        List<String> names =
                List.of("server.port", "registry.grpc.sdk-port", "registry.grpc.cluster-port", "registry.raft.port");
        for (int i = 1; i < ports.size(); i++) {
            int first = ports.indexOf(ports.get(i));
            if (first < i && ports.get(i) != 0) {
                throw settings.refusal(names.get(i), ports.get(i), "another port than " + names.get(first));
            }
        }
    }

    /** Where the HTTP port may be any, so may the others. */
    private static int derived(int port, int offset) {
        return port == 0 ? 0 : port + offset;
    }
}
