package io.registry.server.compat;

import static org.assertj.core.api.Assertions.assertThat;

import io.registry.server.compat.driver.Host;
import io.registry.server.testkit.Await;
import io.registry.server.testkit.CutProxy;
import io.registry.server.testkit.RegistryProcess;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The SDK works beside whatever versions of common libraries an application has, even where theirs come first. */
class SdkClashIT {

    private static final Duration SOON = Duration.ofSeconds(15);
    private static final String GROUP = "clash";

    @SuppressWarnings("NullAway.Init")
    private static RegistryProcess server;

    @BeforeAll
    static void startServer() {
        server = RegistryProcess.start();
    }

    @AfterAll
    static void endServer() {
        server.close();
    }

    static Stream<Arguments> libraries() {
        return Stream.of(
                Arguments.of(
                        "old",
                        List.of(
                                "com.google.guava:guava:20.0",
                                "com.google.protobuf:protobuf-java:3.25.8",
                                "com.google.code.gson:gson:2.8.9",
                                "io.netty:netty-codec-http2:4.1.118.Final",
                                "com.fasterxml.jackson.core:jackson-databind:2.15.4")),
                Arguments.of(
                        "new",
                        List.of(
                                "com.google.guava:guava:33.6.0-jre",
                                "com.google.protobuf:protobuf-java:4.32.1",
                                "com.google.code.gson:gson:2.13.2",
                                "io.netty:netty-codec-http2:4.2.6.Final",
                                "com.fasterxml.jackson.core:jackson-databind:2.20.0")));
    }

    private static String classPath(String name, List<String> libraries) {
        String dependencies = libraries.stream()
                .map(library -> library.split(":"))
                .map(part ->
                        "<dependency><groupId>%s</groupId><artifactId>%s</artifactId><version>%s</version></dependency>"
                                .formatted(part[0], part[1], part[2]))
                .collect(Collectors.joining("\n", "<dependencies>", "</dependencies>"));
        return MavenArtifacts.classPath("clash-" + name, dependencies);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("libraries")
    void sdkWorksBehindOtherLibraries(String name, List<String> libraries) {
        Host host = Host.of("10.1.1.1", 8080);
        Host other = Host.of("10.1.1.2", 8080).persistent();
        try (CutProxy network = CutProxy.to(server.port());
                NacosClient client = NacosClient.startSdkBehind(classPath(name, libraries), network.address())) {
            client.subscribe(GROUP, name, "", name);
            client.register(GROUP, name, host);
            client.register(GROUP, name + "-p", other);
            client.awaitList(name, SOON, host.of(GROUP, name));
            assertThat(client.query(GROUP, name, "")).containsExactly(host.of(GROUP, name));
            assertThat(client.query(GROUP, name + "-p", "")).hasSize(1);

            network.cut();
            Await.until("noticed", SOON, () -> client.status().equals("DOWN"));
            network.restore();

            Await.until("back", SOON, () -> client.status().equals("UP"));
            Await.until("registered", SOON, () -> client.query(GROUP, name, "").equals(List.of(host.of(GROUP, name))));
            client.shutDown();
        }
    }
}
