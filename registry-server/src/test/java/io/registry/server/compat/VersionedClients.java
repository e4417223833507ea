package io.registry.server.compat;

import static org.assertj.core.api.Assertions.assertThat;

import io.registry.server.compat.driver.Host;
import io.registry.server.testkit.Await;
import io.registry.server.testkit.RegistryProcess;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

/** Two clients of one version, a provider and a consumer, that the tests of a class share. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class VersionedClients {

    static final Duration SOON = Duration.ofSeconds(15);

    static final String GROUP = "shop";

    private static final AtomicInteger SERVICES = new AtomicInteger();
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final ClientVersion version;
    private NacosClient provider;
    private NacosClient consumer;

    @SuppressWarnings("NullAway.Init")
    VersionedClients(ClientVersion version) {
        this.version = version;
    }

    abstract RegistryProcess server();

    @BeforeAll
    void startClients() {
        provider = start();
        consumer = start();
    }

    @AfterAll
    void endClients() {
        provider.close();
        consumer.close();
    }

    ClientVersion version() {
        return version;
    }

    NacosClient provider() {
        return provider;
    }

    NacosClient consumer() {
        return consumer;
    }

    /** Starts one more client; the caller closes it. */
    NacosClient start(String... properties) {
        return NacosClient.start(version, server().address(), properties);
    }

    /** Returns a name that no other test uses. */
    String newService() {
        return version.name() + "-" + SERVICES.incrementAndGet();
    }

    /** Registers an instance that no client beats for. */
    void registerOverHttp(String service, Host host) {
        StringBuilder metadata = new StringBuilder();
        host.metadata()
                .forEach((key, value) -> metadata.append(metadata.isEmpty() ? "" : ",")
                        .append(key)
                        .append('=')
                        .append(value));
        URI uri = server().url("/v1/ns/instance?serviceName=%s&groupName=%s&ip=%s&port=%d&healthy=%s&metadata=%s"
                .formatted(service, GROUP, host.ip(), host.port(), host.healthy(), metadata));
        HttpRequest request = HttpRequest.newBuilder(uri)
                .POST(HttpRequest.BodyPublishers.noBody())
                .build();
        HttpResponse<String> response =
                HTTP.sendAsync(request, HttpResponse.BodyHandlers.ofString()).join();
        assertThat(response.body()).isEqualTo("ok");
    }

    static void awaitEvents(NacosClient client, String name, int count) {
        Await.until(
                name + " has " + count + " events",
                SOON,
                () -> client.events(name).size() >= count);
    }
}
