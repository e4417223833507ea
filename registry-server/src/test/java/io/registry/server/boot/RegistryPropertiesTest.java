package io.registry.server.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.registry.distro.model.NodeId;
import io.registry.server.core.cluster.ClusterMember;
import io.registry.server.lookup.ListedMembers;
import io.registry.server.lookup.MemberFile;
import io.registry.server.lookup.MemberLookup;
import io.registry.server.lookup.MemberNames;
import io.registry.server.raft.GroupConfig;
import io.registry.server.raft.RaftConfig;
import io.registry.server.secret.PeerSecret;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

class RegistryPropertiesTest {

    @Test
    void everyNameAndDefaultIsPinned() {
        Settings settings = Settings.of(Map.of());

        RegistryProperties.read(settings);

        Map<String, String> expected = new LinkedHashMap<>();
        expected.put("server.address", "127.0.0.1");
        expected.put("server.port", "8848");
        expected.put("registry.data-dir", "./data");
        expected.put("registry.data-dir-moved", "false");
        expected.put("registry.grpc.sdk-port", "9848");
        expected.put("registry.grpc.cluster-port", "9849");
        expected.put("registry.grpc.workers", "2");
        expected.put("registry.raft.port", "7848");
        expected.put("registry.raft.disk-reserve", "64MB");
        expected.put("registry.cluster.name", "registry");
        expected.put("registry.cluster.members", "");
        expected.put("registry.cluster.file", "");
        expected.put("registry.cluster.dns", "");
        expected.put("registry.cluster.expect", "0");
        expected.put("registry.cluster.advertise", "");
        expected.put("registry.cluster.secret", "");
        expected.put("registry.connection.setup-timeout", "15s");
        expected.put("registry.connection.idle-check-interval", "3s");
        expected.put("registry.connection.idle-probe-after", "20s");
        expected.put("registry.connection.probe-wait", "5s");
        expected.put("registry.connection.blocked-after", "300s");
        expected.put("registry.limits.connections", "10000");
        expected.put("registry.limits.connections-per-address", "10000");
        expected.put("registry.limits.connections-per-application", "10000");
        expected.put("registry.limits.connections-pending", "4096");
        expected.put("registry.limits.calls-per-connection", "256");
        expected.put("registry.limits.grpc-message", "10MB");
        expected.put("registry.limits.grpc-header", "8KB");
        expected.put("registry.limits.grpc-unfinished", "64MB");
        expected.put("registry.limits.grpc-unfinished-per-connection", "32MB");
        expected.put("registry.limits.http-connections", "8192");
        expected.put("registry.limits.http-body", "2MB");
        expected.put("registry.limits.services", "100000");
        expected.put("registry.limits.instances", "1000000");
        expected.put("registry.limits.batch", "1000");
        expected.put("registry.limits.loop-queue", "65536");
        expected.put("registry.push.gather", "20ms");
        expected.put("registry.push.settle", "50ms");
        expected.put("registry.push.ack-timeout", "5s");
        expected.put("registry.push.retry-delay", "1s");
        expected.put("registry.distro.owner-lease", "60s");
        expected.put("registry.distro.drain-grace", "30s");
        expected.put("registry.distro.snapshot-interval", "10s");
        expected.put("registry.distro.transport", "grpc");
        expected.put("registry.rebalance.enabled", "true");
        expected.put("registry.rebalance.settle", "15s");
        expected.put("registry.rebalance.permille-per-second", "5");
        expected.put("registry.shutdown.move-within", "10s");
        expected.put("registry.loss-guard.enabled", "true");
        expected.put("registry.loss-guard.percent", "50");
        expected.put("registry.loss-guard.instances", "10");
        expected.put("registry.loss-guard.addresses", "3");
        expected.put("registry.loss-guard.window", "15s");
        expected.put("registry.loss-guard.hold", "60s");
        expected.put("registry.flight-recorder.enabled", "true");
        expected.put("registry.flight-recorder.size", "128MB");
        expected.put("registry.tls.http", "off");
        expected.put("registry.tls.grpc", "off");
        expected.put("registry.tls.cluster", "off");
        expected.put("registry.tls.certificate", "");
        expected.put("registry.tls.private-key", "");
        expected.put("registry.tls.private-key-password", "");
        expected.put("registry.tls.trust-certificate", "");
        expected.put("registry.tls.client-auth", "none");
        expected.put("registry.tls.reload-interval", "10s");
        expected.put("registry.health-check.networks", "");
        expected.put("registry.health-check.headers", "accept,accept-language,authorization,cookie,user-agent,x-*");
        expected.put("registry.empty-service.expire-after", "60s");
        expected.put("registry.override.incarnation-gap", "60s");
        expected.put("registry.prometheus-sd.enabled", "true");
        expected.put("registry.access.admin-password", "");
        expected.put("registry.access.reset-admin", "false");
        expected.put("registry.access.token-keys", "");
        expected.put("registry.access.session-life", "5h");
        expected.put("registry.access.clients", "not set");
        expected.put("registry.access.metrics", "not set");
        expected.put("registry.rehearsal", "false");
        assertThat(settings.standards()).containsExactlyEntriesOf(expected);
    }

    @Test
    void noTwoNamesAreOneEnvironmentVariable() {
        Settings settings = Settings.of(Map.of());

        RegistryProperties.read(settings);

        assertThat(settings.standards().keySet())
                .extracting(name -> name.replaceAll("[.-]", ""))
                .doesNotHaveDuplicates();
    }

    @Test
    void otherPortsFollowTheHttpPortUnlessSet() {
        RegistryProperties moved = read(Map.of("server.port", "18848", "registry.raft.port", "5000"));

        assertThat(moved.grpc()).isEqualTo(new RegistryProperties.Grpc(19848, 19849, 2));
        assertThat(moved.raft().port()).isEqualTo(5000);
    }

    @Test
    void portZeroMakesEveryPortAFreeOne() {
        RegistryProperties any = read(Map.of("server.port", "0"));

        assertThat(any.grpc()).isEqualTo(new RegistryProperties.Grpc(0, 0, 2));
        assertThat(any.raft().port()).isZero();
    }

    @Test
    void theFileBesideTheDataSaysWhereMembersAreUnlessSomethingElseDoes(@TempDir Path directory) throws IOException {
        Files.writeString(directory.resolve("cluster.conf"), "127.0.0.1\nb:2848\n");
        Map<String, String> given =
                Map.of("registry.data-dir", directory.toString(), "registry.cluster.secret", "0123456789abcdef");

        MemberLookup lookup = Objects.requireNonNull(read(given).cluster().lookup());

        assertThat(lookup).isInstanceOf(MemberFile.class);
        assertThat(lookup.addresses()).containsExactly("127.0.0.1:8848", "b:2848");
        Map<String, String> listed = new HashMap<>(given);
        listed.put("registry.cluster.members", "127.0.0.1:8848,c:1");
        assertThat(read(listed).cluster().lookup()).isEqualTo(new ListedMembers(List.of("127.0.0.1:8848", "c:1")));
    }

    @Test
    void aFileWithAWrongLineStopsTheStart(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("members");
        Files.writeString(file, "127.0.0.1\nb:\n");

        assertThatThrownBy(() -> read(Map.of("registry.cluster.file", file.toString())))
                .hasMessage("registry.cluster.file: " + file + ":2: b: (expected: host or host:port)");
    }

    @Test
    void aNodeHasToBeInItsFile(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("members");
        Files.writeString(file, "a:1\nb:2\n");

        assertThatThrownBy(() -> read(Map.of("registry.cluster.file", file.toString())))
                .hasMessage("registry.cluster.advertise: 127.0.0.1:8848 (expected: this node's own address, as " + file
                        + " has it: [a:1, b:2])");
    }

    @Test
    void membersAreLookedForInOnePlace() {
        assertThatThrownBy(() -> read(Map.of("registry.cluster.members", "a:1,b:2", "registry.cluster.file", "f")))
                .hasMessage("registry.cluster.file: f (expected: not set together with registry.cluster.members;"
                        + " from properties)");
        assertThatThrownBy(() -> read(Map.of("registry.cluster.dns", "n:1", "registry.cluster.file", "f")))
                .hasMessage("registry.cluster.dns: n:1 (expected: not set together with registry.cluster.file;"
                        + " from properties)");
    }

    @Test
    void namesAreOfHostsWithAPortOrOfServices() {
        Map<String, String> given = new HashMap<>(Map.of(
                "registry.cluster.expect", "3",
                "registry.cluster.secret", "0123456789abcdef"));
        for (String name : List.of("members.example.org:8848", "_registry._tcp.example.org")) {
            given.put("registry.cluster.dns", name);

            MemberLookup lookup = Objects.requireNonNull(read(given).cluster().lookup());

            assertThat(lookup).isInstanceOf(MemberNames.class);
            assertThat(lookup.foundingSize()).isEqualTo(3);
            assertThat(lookup.describe()).isEqualTo(name.replace(":8848", ""));
        }
        given.put("registry.cluster.dns", "members.example.org");
        assertThatThrownBy(() -> read(given))
                .hasMessage(
                        "registry.cluster.dns: members.example.org (expected: name:port, or _service._tcp.name, whose"
                                + " records have the ports; from properties)");
    }

    @Test
    void theRaftPortsOfOthersAreAsFarFromTheirHttpPorts() {
        RegistryProperties member = read(Map.of(
                "registry.cluster.members", "127.0.0.1:8848,b:2848",
                "registry.cluster.secret", "0123456789abcdef",
                "registry.raft.port", "8800"));

        RaftConfig raft = member.raftConfig(new NodeId("n"), null);
        assertThat(raft.self())
                .isEqualTo(new ClusterMember(new NodeId("n"), "127.0.0.1:8848", "127.0.0.1:9849", "127.0.0.1:8800"));
        assertThat(raft.group())
                .isEqualTo(new GroupConfig(
                        new ListedMembers(List.of("127.0.0.1:8848", "b:2848")),
                        -48,
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 8800),
                        new PeerSecret("registry", "0123456789abcdef"),
                        null));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            registry.push.gather           | soon    | registry.push.gather: soon (expected: a time from 0ms to 60s, such as 20ms; from properties)
            registry.push.gather           | 2h      | registry.push.gather: 2h (expected: a time from 0ms to 60s, such as 20ms; from properties)
            registry.grpc.sdk-port         | 70000   | registry.grpc.sdk-port: 70000 (expected: a whole number from 0 to 65535; from properties)
            registry.grpc.sdk-port         | 8848    | registry.grpc.sdk-port: 8848 (expected: another port than server.port; from properties)
            server.port                    | http    | server.port: http (expected: a whole number from 0 to 65535; from properties)
            server.port                    | 500     | registry.raft.port: -500 by default (expected: a whole number from 0 to 65535)
            registry.limits.http-body      | 1TB     | registry.limits.http-body: 1TB (expected: a size from 1KB to 100MB, such as 2MB; from properties)
            registry.limits.grpc-unfinished | 16MB   | registry.limits.grpc-unfinished: 16MB (expected: at least registry.limits.grpc-unfinished-per-connection, 33554432 bytes; from properties)
            registry.limits.grpc-unfinished-per-connection | 16MB | registry.limits.grpc-unfinished-per-connection: 16MB (expected: at least twice registry.limits.grpc-message, 20971520 bytes; from properties)
            registry.prometheus-sd.enabled | yes     | registry.prometheus-sd.enabled: yes (expected: true or false; from properties)
            registry.data-dir              | ''      | registry.data-dir:  (expected: a directory; from properties)
            registry.tls.grpc              | on      | registry.tls.grpc: on (expected: off or optional or required; from properties)
            registry.tls.http              | required | registry.tls.certificate: not set (expected: a file, where a port speaks TLS)
            registry.distro.transport      | tcp     | registry.distro.transport: tcp (expected: grpc or http; from properties)
            registry.access.clients        | closed  | registry.access.clients: closed (expected: open or required or report; from properties)
            registry.push.gater            | 50ms    | registry.push.gater: 50ms (expected: a property that exists, such as registry.push.gather; from properties)
            registry.colour                | blue    | registry.colour: blue (expected: a property that exists; from properties)
            registry.some.secret           | hidden  | registry.some.secret: *** (expected: a property that exists; from properties)
            registry.cluster.members       | a:1,b   | registry.cluster.members: a:1,b (expected: host:port,host:port,... without gaps; from properties)
            registry.cluster.members       | a:1,a:1 | registry.cluster.members: a:1,a:1 (expected: 2..9 different addresses; from properties)
            registry.cluster.members       | a:1,b:2 | registry.cluster.advertise: 127.0.0.1:8848 (expected: this node's own address, as registry.cluster.members has it: [a:1, b:2])
            registry.cluster.advertise     | here    | registry.cluster.advertise: here (expected: host:port; from properties)
            registry.cluster.dns           | n:1     | registry.cluster.expect: not set (expected: 2..9, the number of nodes to wait for before a cluster is founded)
            registry.cluster.expect        | 3       | registry.cluster.expect: 3 (expected: not set without registry.cluster.dns; from properties)
            registry.cluster.file          | no/such | registry.cluster.file: no/such: java.nio.file.NoSuchFileException: no/such (expected: a file that can be read)
            registry.cluster.members       | 127.0.0.1:8848,b:2 | registry.cluster.secret: not set (expected: at least 16 characters, the same on every member)
            """)
    void refusalNamesPropertyValueAndRule(String name, String value, String line) {
        assertThatThrownBy(() -> read(Map.of(name, value)))
                .isInstanceOf(RefusedStart.class)
                .hasMessage(line);
    }

    @Test
    void refusalStaysOneShortLine() {
        assertThatThrownBy(() -> read(Map.of("registry.colour", "blue\nregistry.fine: yes " + "x".repeat(1000))))
                .message()
                .doesNotContain("\n")
                .hasSizeLessThan(300);
    }

    @Test
    void s07AddressBeyondLoopbackNeedsAChoice() {
        assertThatThrownBy(() -> read(Map.of("server.address", "0.0.0.0"))).hasMessage("""
                        registry.access.clients: not set, and server.address=0.0.0.0 can be reached from other machines \
                        (expected: both of these; required instead of open where clients have to log in)
                            --server.address=0.0.0.0
                            --registry.access.clients=open""");
        assertThat(read(Map.of("server.address", "0.0.0.0", "registry.access.clients", "open"))
                        .address()
                        .isAnyLocalAddress())
                .isTrue();
    }

    /** Others have shipped it, and everybody can sign with it; and what is too short can be tried out. */
    @ParameterizedTest
    @ValueSource(strings = {"SecretKey012345678901234567890123456789012345678901234567890123456789", "short"})
    void s04KeysThatAreKnownOrTooShortAreRefused(String key) {
        String given = Base64.getEncoder().encodeToString(key.getBytes(StandardCharsets.US_ASCII));

        assertThatThrownBy(() -> read(Map.of("registry.access.token-keys", given)))
                .isInstanceOf(RefusedStart.class)
                .hasMessageStartingWith("registry.access.token-keys: ***");
    }

    @Test
    void figuresAreOpenOnLoopbackOnlyUnlessSaid() {
        Map<String, String> beyond = Map.of("server.address", "0.0.0.0", "registry.access.clients", "required");
        Map<String, String> said = new HashMap<>(beyond);
        said.put("registry.access.metrics", "open");

        assertThat(read(Map.of()).access().metricsOpen()).isTrue();
        assertThat(read(beyond).access().metricsOpen()).isFalse();
        assertThat(read(said).access().metricsOpen()).isTrue();
    }

    @Test
    void environmentVariableMayBeWrittenWithAndWithoutUnderscores() {
        assertThat(readVariables(Map.of("REGISTRY_PUSH_ACK_TIMEOUT", "2s"))
                        .push()
                        .ackTimeout())
                .isEqualTo(Duration.ofSeconds(2));
        assertThat(readVariables(Map.of("REGISTRY_PUSH_ACKTIMEOUT", "2s"))
                        .push()
                        .ackTimeout())
                .isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void unknownEnvironmentVariableIsRefused() {
        assertThatThrownBy(() -> readVariables(Map.of("REGISTRY_PUSH_GATTER", "2s")))
                .hasMessage("REGISTRY_PUSH_GATTER: 2s (expected: a property that exists, such as registry.push.gather;"
                        + " from environment variable REGISTRY_PUSH_GATTER)");
    }

    @Test
    void variablesThatDescribeAServiceCalledRegistryAreNotOurs() {
        RegistryProperties properties = readVariables(Map.of(
                "REGISTRY_SERVICE_HOST", "10.0.0.1",
                "REGISTRY_SERVICE_PORT_HTTP", "8848",
                "REGISTRY_PORT", "tcp://10.0.0.1:8848",
                "REGISTRY_PORT_8848_TCP_ADDR", "10.0.0.1",
                "SERVER_PORT", "tcp://10.0.0.2:80"));

        assertThat(properties).isEqualTo(read(Map.of()));
    }

    @Test
    void strongerSourceWins() {
        StandardEnvironment environment = new StandardEnvironment();
        environment.getPropertySources().addFirst(new MapPropertySource("file", Map.of("registry.push.gather", "1ms")));
        environment
                .getPropertySources()
                .addFirst(new SystemEnvironmentPropertySource("variables", Map.of("REGISTRY_PUSH_GATHER", "2ms")));
        assertThat(RegistryProperties.read(Settings.of(environment)).push().gather())
                .isEqualTo(Duration.ofMillis(2));

        environment
                .getPropertySources()
                .addFirst(new MapPropertySource("arguments", Map.of("registry.push.gather", "3ms")));
        assertThat(RegistryProperties.read(Settings.of(environment)).push().gather())
                .isEqualTo(Duration.ofMillis(3));
    }

    private static RegistryProperties read(Map<String, String> properties) {
        return RegistryProperties.read(Settings.of(properties));
    }

    private static RegistryProperties readVariables(Map<String, Object> variables) {
        StandardEnvironment environment = new StandardEnvironment();
        environment.getPropertySources().remove(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME);
        environment.getPropertySources().remove(StandardEnvironment.SYSTEM_PROPERTIES_PROPERTY_SOURCE_NAME);
        environment.getPropertySources().addFirst(new SystemEnvironmentPropertySource("variables", variables));
        return RegistryProperties.read(Settings.of(environment));
    }
}
