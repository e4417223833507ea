package io.registry.server.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.registry.server.compat.driver.Host;
import io.registry.server.testkit.Await;
import io.registry.server.testkit.RegistryProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What clients are promised when their server ends and is started again, on the same port with the same data. The
 * clients of all versions see one and the same restart, since a start and the lease of what came from disk are long.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class RestartContract {

    private static final Duration SOON = Duration.ofSeconds(15);

    /** Longer than a start takes on a busy machine: what is older than the lease is not restored. */
    private static final String LEASE = "--registry.distro.owner-lease=25s";

    private static final Duration LEASE_IS_OVER = Duration.ofSeconds(90);

    private static final String GROUP = "shop";
    private static final Host HOST = Host.of("10.1.1.1", 8080).with(Map.of("k", "v"));
    private static final Host OTHER = Host.of("10.1.1.2", 8080);

    private final HttpClient http = HttpClient.newHttpClient();
    private final Set<ClientVersion> versions;
    private final Map<ClientVersion, NacosClient> providers = new EnumMap<>(ClientVersion.class);
    private final Map<ClientVersion, NacosClient> consumers = new EnumMap<>(ClientVersion.class);
    private final RegistryProcess server = RegistryProcess.start(LEASE, "--registry.distro.snapshot-interval=1s");

    RestartContract(Set<ClientVersion> versions) {
        this.versions = versions;
    }

    /** Ends the server in the way that the class is about. */
    abstract void end(RegistryProcess running);

    Set<ClientVersion> versions() {
        return versions;
    }

    @BeforeAll
    void restartUnderTheClients() {
        versions.forEach(this::startClients);
        ClientVersion any = versions.iterator().next();
        try (NacosClient leaving = NacosClient.start(any, server.address())) {
            leaving.register(GROUP, "of-one-that-stays-away", HOST);
            awaitOnDisk("of-one-that-stays-away");
            end(server);
        }
        server.restart();
        Await.until(
                "the lease of what stays away is over",
                LEASE_IS_OVER,
                () -> list("of-one-that-stays-away").contains("\"hosts\":[]"));
    }

    @AfterAll
    void endAll() {
        providers.values().forEach(NacosClient::close);
        consumers.values().forEach(NacosClient::close);
        server.close();
    }

    private void startClients(ClientVersion version) {
        NacosClient provider = NacosClient.start(version, server.address());
        providers.put(version, provider);
        provider.register(GROUP, single(version), HOST);
        if (version.batches()) {
            provider.registerAll(GROUP, batch(version), List.of(HOST, OTHER));
        }
        NacosClient consumer = NacosClient.start(version, server.address());
        consumers.put(version, consumer);
        consumer.subscribe(GROUP, single(version), "", single(version));
        consumer.awaitList(single(version), SOON, HOST.of(GROUP, single(version)));
        if (version.batches()) {
            consumer.subscribe(GROUP, batch(version), "", batch(version));
            consumer.awaitList(batch(version), SOON, HOST.of(GROUP, batch(version)), OTHER.of(GROUP, batch(version)));
        }
        if (version.fuzzyWatches()) {
            consumer.fuzzyWatch(group(version), "*", group(version));
        }
    }

    @ParameterizedTest
    @MethodSource("versions")
    void consumerSeesNoEmptyList(ClientVersion version) {
        assertThat(consumer(version).lists(single(version))).isNotEmpty().doesNotContain(List.of());
        assertThat(consumer(version).lists(batch(version))).doesNotContain(List.of());
    }

    @ParameterizedTest
    @MethodSource("versions")
    void providerHasPublishedAgainBeforeTheLeaseIsOver(ClientVersion version) {
        assertThat(consumer(version).query(GROUP, single(version), ""))
                .containsExactly(HOST.of(GROUP, single(version)));
        if (version.batches()) {
            assertThat(consumer(version).query(GROUP, batch(version), ""))
                    .containsExactly(HOST.of(GROUP, batch(version)), OTHER.of(GROUP, batch(version)));
        }
    }

    @ParameterizedTest
    @MethodSource("versions")
    void consumerHasSubscribedAgain(ClientVersion version) {
        String service = newcomer(version);
        NacosClient consumer = consumer(version);
        consumer.subscribe(GROUP, service, "", service);

        provider(version).register(GROUP, service, HOST);
        provider(version).register(GROUP, single(version), HOST.weighing(3));

        consumer.awaitList(service, SOON, HOST.of(GROUP, service));
        consumer.awaitList(single(version), SOON, HOST.weighing(3).of(GROUP, single(version)));
    }

    @ParameterizedTest
    @MethodSource("versions")
    void consumerWatchesAgain(ClientVersion version) {
        assumeTrue(version.fuzzyWatches());

        provider(version).register(group(version), "later", HOST);

        consumer(version)
                .awaitEvent(group(version), SOON, List.of("ADD_SERVICE", "public@@" + group(version) + "@@later"));
    }

    private NacosClient provider(ClientVersion version) {
        return known(providers, version);
    }

    private NacosClient consumer(ClientVersion version) {
        return known(consumers, version);
    }

    private static NacosClient known(Map<ClientVersion, NacosClient> clients, ClientVersion version) {
        NacosClient client = clients.get(version);
        if (client == null) {
            throw new IllegalArgumentException("version: " + version + " (expected: one of " + clients.keySet() + ")");
        }
        return client;
    }

    private static String single(ClientVersion version) {
        return "single-" + version;
    }

    private static String batch(ClientVersion version) {
        return "batch-" + version;
    }

    private static String newcomer(ClientVersion version) {
        return "newcomer-" + version;
    }

    private static String group(ClientVersion version) {
        return "fuzzy-" + version;
    }

    private String list(String service) {
        URI uri = server.url("/v1/ns/instance/list?groupName=" + GROUP + "&serviceName=" + service);
        return http.sendAsync(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                .join()
                .body();
    }

    private void awaitOnDisk(String service) {
        Await.until("on disk: " + service, SOON, () -> {
            try {
                Path snapshot = server.dataDirectory().resolve("ephemeral.snapshot");
                return Files.exists(snapshot)
                        && new String(Files.readAllBytes(snapshot), StandardCharsets.ISO_8859_1).contains(service);
            } catch (IOException e) {
                return false;
            }
        });
    }
}
