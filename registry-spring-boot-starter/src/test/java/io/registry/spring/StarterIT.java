package io.registry.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.MeterRegistry;
import io.registry.api.NamingService;
import io.registry.api.model.Instance;
import io.registry.client.RegistryClient;
import io.registry.junit.RegistryExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.health.contributor.Status;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.discovery.DiscoveryClient;
import org.springframework.cloud.client.discovery.ReactiveDiscoveryClient;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.client.RestClient;

/** Real applications with a web server that find each other by name. */
class StarterIT {

    private static final Duration SOON = Duration.ofSeconds(10);
    private static final Duration POLL = Duration.ofMillis(20);
    private static final AtomicInteger NUMBER = new AtomicInteger();

    @RegisterExtension
    static final RegistryExtension SERVER = RegistryExtension.create();

    private final List<ConfigurableApplicationContext> running = new ArrayList<>();
    private final String service = "app-" + NUMBER.incrementAndGet();

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @RestController
    static class Application {

        private final Environment environment;

        Application(Environment environment) {
            this.environment = environment;
        }

        @GetMapping("/port")
        String port() {
            return Objects.requireNonNull(environment.getProperty("local.server.port"));
        }
    }

    @AfterEach
    void stopAll() {
        running.forEach(ConfigurableApplicationContext::close);
    }

    private ConfigurableApplicationContext start(String... arguments) {
        return start(WebApplicationType.SERVLET, arguments);
    }

    private ConfigurableApplicationContext start(WebApplicationType type, String... arguments) {
        SpringApplication application = new SpringApplication(Application.class);
        application.setWebApplicationType(type);
        // Twice the same option would be a list of both.
        Map<String, String> all = new LinkedHashMap<>();
        all.put("--server.port", "0");
        all.put("--server.address", "127.0.0.1");
        all.put("--spring.application.name", service);
        all.put("--spring.main.banner-mode", "off");
        all.put("--registry.client.server-addr", SERVER.serverAddr());
        all.put("--registry.registration.ip", "127.0.0.1");
        for (String argument : arguments) {
            int at = argument.indexOf('=');
            all.put(argument.substring(0, at), argument.substring(at + 1));
        }
        ConfigurableApplicationContext context = application.run(all.entrySet().stream()
                .map(option -> option.getKey() + "=" + option.getValue())
                .toArray(String[]::new));
        running.add(context);
        return context;
    }

    private static String port(ConfigurableApplicationContext context) {
        return Objects.requireNonNull(context.getEnvironment().getProperty("local.server.port"));
    }

    private static List<String> ports(List<ServiceInstance> instances) {
        return instances.stream()
                .map(instance -> Integer.toString(instance.getPort()))
                .sorted()
                .toList();
    }

    @Test
    void anApplicationIsFoundByNameAndCalledOnThePortOfItsWebServer() {
        ConfigurableApplicationContext provider = start("--registry.registration.metadata.zone=z1");
        ConfigurableApplicationContext consumer = start("--registry.registration.enabled=false");

        List<ServiceInstance> found = consumer.getBean(DiscoveryClient.class).getInstances(service);

        assertThat(ports(found)).containsExactly(port(provider));
        assertThat(found.get(0).getMetadata()).containsEntry("zone", "z1").containsEntry("registry.cluster", "DEFAULT");
        ResponseEntity<String> answer = RestClient.create()
                .get()
                .uri(found.get(0).getUri() + "/port")
                .retrieve()
                .toEntity(String.class);
        assertThat(answer.getStatusCode().value() + " " + answer.getBody()).isEqualTo("200 " + port(provider));
        assertThat(consumer.getBean(DiscoveryClient.class).getServices()).contains(service);
    }

    @Test
    void theReactiveClientFindsTheSame() {
        ConfigurableApplicationContext provider = start();
        ReactiveDiscoveryClient client =
                start("--registry.registration.enabled=false").getBean(ReactiveDiscoveryClient.class);

        assertThat(ports(Objects.requireNonNull(
                        client.getInstances(service).collectList().block(SOON))))
                .containsExactly(port(provider));
        assertThat(client.getServices().collectList().block(SOON)).contains(service);
    }

    @Test
    void whoeverStopsHasLeftWhenItsPortCloses() {
        ConfigurableApplicationContext first = start();
        ConfigurableApplicationContext second = start();
        DiscoveryClient client = start("--registry.registration.enabled=false").getBean(DiscoveryClient.class);
        awaitTwo(client);

        first.close();

        // No waiting here: the stop has waited.
        assertThat(ports(client.getInstances(service))).containsExactly(port(second));
    }

    private void awaitTwo(DiscoveryClient client) {
        long deadline = System.nanoTime() + SOON.toNanos();
        while (client.getInstances(service).size() != 2) {
            assertThat(System.nanoTime() - deadline)
                    .as("time over with %s", client.getInstances(service))
                    .isNegative();
            LockSupport.parkNanos(POLL.toNanos());
        }
    }

    @Test
    void theSettingsOfTheRegistrationArrive() {
        start(
                "--registry.registration.service=other-" + service,
                "--registry.registration.group=G7",
                "--registry.registration.cluster=c7",
                "--registry.registration.port=7777",
                "--registry.registration.weight=2.5");

        try (NamingService naming =
                RegistryClient.builder().serverAddr(SERVER.serverAddr()).build()) {
            Instance instance =
                    naming.getAllInstances("other-" + service, "G7", false).get(0);
            assertThat(instance.port()).isEqualTo(7777);
            assertThat(instance.cluster()).isEqualTo("c7");
            assertThat(instance.weight()).isEqualTo(2.5);
        }
    }

    @Test
    void healthSaysWhatIsRegistered() {
        RegistryHealthIndicator health = start().getBean(RegistryHealthIndicator.class);

        assertThat(Objects.requireNonNull(health.health()).getStatus()).isEqualTo(Status.UP);
        assertThat(Objects.requireNonNull(health.health(true)).getDetails()).containsEntry("registered", "1 of 1");
    }

    @Test
    void metersOfTheClientAreBoundToTheMeterRegistry() {
        MeterRegistry meters = start().getBean(MeterRegistry.class);

        assertThat(meters.get("registry.client.connected").gauge().value()).isEqualTo(1);
        assertThat(meters.get("registry.client.registrations.acknowledged")
                        .gauge()
                        .value())
                .isEqualTo(1);
    }

    @Test
    void anApplicationStartsWithoutItsRegistryAndSaysSo() {
        ConfigurableApplicationContext alone = start("--registry.client.server-addr=127.0.0.1:1");

        RegistryHealthIndicator health = alone.getBean(RegistryHealthIndicator.class);
        assertThat(Objects.requireNonNull(health.health()).getStatus()).isEqualTo(Status.DOWN);
        assertThat(Objects.requireNonNull(health.health(true)).getDetails()).containsEntry("registered", "0 of 1");
    }

    @Test
    void anApplicationWithoutAWebServerRegistersNothing() {
        assertThat(start(WebApplicationType.NONE).getBean(Registration.class).instance())
                .isNull();
    }

    @Test
    void aRegistrationThatIsRefusedStopsTheStart() {
        assertThatThrownBy(() -> start("--registry.registration.weight=-1")).hasStackTraceContaining("weight");
    }

    @Test
    void switchedOffThereIsNoClient() {
        assertThat(start("--registry.client.enabled=false").getBeanNamesForType(NamingService.class))
                .isEmpty();
    }
}
