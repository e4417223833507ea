package io.registry.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.registry.api.ClientStatus;
import io.registry.api.NamingService;
import io.registry.api.model.Instance;
import io.registry.client.NamingFactory;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.ExtendWith;

/** Each fault, as clients see it: one application is registered, another one follows the service. */
@ExtendWith(RegistryExtension.class)
class FaultSwitchIT {

    private final Registry registry;
    private final NamingService provider;
    private final NamingService consumer;
    private final String service;

    FaultSwitchIT(Registry registry, TestInfo test) {
        this.registry = registry;
        this.provider = NamingFactory.createNamingService(patient());
        this.consumer = NamingFactory.createNamingService(patient());
        this.service = test.getDisplayName().replace("()", "");
    }

    /** A server that has just started on a busy machine may take seconds for its first call. */
    private Properties patient() {
        Properties properties = registry.clientProperties();
        properties.setProperty("registry.request-timeout", "30000");
        return properties;
    }

    @BeforeEach
    void registerAndFind() {
        provider.registerInstance(service, "10.0.0.5", 8080);
        assertThat(ports()).containsExactly(8080);
        assertThat(provider.status().healthy()).isTrue();
        assertThat(consumer.status().healthy()).isTrue();
    }

    @AfterEach
    void closeAll() {
        consumer.close();
        provider.close();
        // What a failure has left must not be that of the next test.
        registry.mend();
        if (!registry.isRunning()) {
            registry.start();
        }
    }

    @Test
    void whatIsCutIsNoticedAndHeals() {
        registry.cut();

        assertRefused();
        awaitSwitching();
        assertThat(registry.isRunning()).isTrue();
        registry.mend();
        assertHealed();
    }

    @Test
    void whatIsSilentIsHeldBackAndArrivesLate() throws Exception {
        registry.silence();

        CompletableFuture<HttpResponse<String>> answer = ask();
        assertThatThrownBy(() -> answer.get(500, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
        registry.mend();
        assertThat(answer.get(30, TimeUnit.SECONDS).body()).contains("10.0.0.5");
    }

    @Test
    void whoeverAsksTheSilentRegistryIsNotToldOfItsEnd() throws Exception {
        registry.silence();
        CompletableFuture<HttpResponse<String>> answer = ask();

        registry.kill();

        assertThatThrownBy(() -> answer.get(500, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
        registry.mend();
        assertThatThrownBy(() -> answer.get(30, TimeUnit.SECONDS)).hasCauseInstanceOf(IOException.class);
        assertRefused();
        registry.start();
        assertHealed();
    }

    @Test
    void aRestartHeals() {
        long before = registry.pid();
        String address = registry.serverAddr();

        registry.restart();

        assertThat(registry.pid()).isNotEqualTo(before);
        assertThat(ProcessHandle.of(before)).isEmpty();
        assertThat(registry.serverAddr()).isEqualTo(address);
        assertHealed();
    }

    @Test
    void aCrashIsNoticedAndAStartHeals() {
        long before = registry.pid();

        registry.kill();

        assertThat(ProcessHandle.of(before)).isEmpty();
        assertThat(registry.isRunning()).isFalse();
        assertRefused();
        awaitSwitching();
        registry.start();
        assertHealed();
    }

    @Test
    void aStopIsInOrder() {
        long before = registry.pid();

        registry.stop();

        assertThat(ProcessHandle.of(before)).isEmpty();
        assertThat(registry.log()).contains("stop");
        assertRefused();
        registry.start();
        assertHealed();
    }

    @Test
    void aFaultThatCannotBeIsSaid() {
        assertThatThrownBy(registry::start)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("runs as process " + registry.pid());

        registry.kill();

        assertThatThrownBy(registry::kill)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("does not run");
        assertThatThrownBy(registry::stop)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("does not run");
        registry.restart();
    }

    private void awaitSwitching() {
        for (NamingService each : List.of(provider, consumer)) {
            Await.until("notices", () -> each.status().state() == ClientStatus.State.SWITCHING);
        }
    }

    /** Both are as they were, and a change that is made now arrives. */
    private void assertHealed() {
        for (NamingService each : List.of(provider, consumer)) {
            Await.until("healthy", () -> each.status().healthy());
        }
        provider.registerInstance(service, "10.0.0.5", 8081);
        Await.until("both ports", () -> ports().equals(List.of(8080, 8081)));
    }

    private List<Integer> ports() {
        return consumer.getAllInstances(service).stream()
                .map(Instance::port)
                .sorted()
                .toList();
    }

    private void assertRefused() {
        for (int port : List.of(registry.port(), registry.port() + 1000)) {
            assertThatThrownBy(() -> new Socket(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port).close())
                    .isInstanceOf(ConnectException.class);
        }
    }

    private CompletableFuture<HttpResponse<String>> ask() {
        HttpRequest question = HttpRequest.newBuilder(URI.create(
                        "http://" + registry.serverAddr() + "/nacos/v1/ns/instance/list?serviceName=" + service))
                .build();
        return HttpClient.newHttpClient().sendAsync(question, HttpResponse.BodyHandlers.ofString());
    }
}
