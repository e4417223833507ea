package io.registry.server.compat;

import static org.assertj.core.api.Assertions.assertThat;

import io.registry.server.testkit.Await;
import io.registry.server.testkit.RegistryProcess;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Applications on Dubbo find each other through the server, by interface and by application. */
@Tag("long")
class DubboIT {

    private static final Duration SOON = Duration.ofSeconds(30);

    /** The newest release, with the client that its registry module asks for. */
    private static final String DEPENDENCIES = """
              <dependencies>
                <dependency>
                  <groupId>org.apache.dubbo</groupId>
                  <artifactId>dubbo</artifactId>
                  <version>3.3.5</version>
                </dependency>
                <dependency>
                  <groupId>com.alibaba.nacos</groupId>
                  <artifactId>nacos-client</artifactId>
                  <version>2.5.1</version>
                </dependency>
                <dependency>
                  <!-- On JDK 25 Dubbo does not start without each JSON library that it could use. -->
                  <groupId>com.alibaba</groupId>
                  <artifactId>fastjson</artifactId>
                  <version>1.2.83</version>
                </dependency>
                <dependency>
                  <groupId>com.google.code.gson</groupId>
                  <artifactId>gson</artifactId>
                  <version>2.13.2</version>
                </dependency>
                <dependency>
                  <groupId>com.fasterxml.jackson.datatype</groupId>
                  <artifactId>jackson-datatype-jsr310</artifactId>
                  <version>2.13.5</version>
                </dependency>
                <dependency>
                  <!-- Both leave the logging to the application. -->
                  <groupId>org.slf4j</groupId>
                  <artifactId>slf4j-simple</artifactId>
                  <version>1.7.36</version>
                </dependency>
              </dependencies>
            """;

    @SuppressWarnings("NullAway.Init")
    private static RegistryProcess server;

    private final ForeignApplication application = ForeignApplication.compile("dubbo", DEPENDENCIES);

    @BeforeAll
    static void startServer() {
        server = RegistryProcess.start();
    }

    @AfterAll
    static void endServer() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"interface", "instance"})
    void consumerCallsItsProviderAndThenTheOneThatTookItsPlace(String mode) {
        try (DrivenProcess first = startProvider(mode, "first");
                DrivenProcess consumer = application.start("greeting.Consumer", server.address(), mode)) {
            awaitAnswerOf("first", consumer);

            try (DrivenProcess second = startProvider(mode, "second")) {
                awaitAnswerOf("second", consumer);
                first.call("stop");
                awaitAnswerOf("second", consumer);
                assertThat(consumer.call("hello")).containsExactly("second");
                second.kill();
            }
            Await.until("nobody answers", SOON, () -> !answers(consumer).equals("second"));

            try (DrivenProcess third = startProvider(mode, "third")) {
                awaitAnswerOf("third", consumer);
                third.call("stop");
            }
        }
    }

    private DrivenProcess startProvider(String mode, String name) {
        return application.start("greeting.Provider", server.address(), mode, name);
    }

    private static void awaitAnswerOf(String name, DrivenProcess consumer) {
        Await.until(name + " answers", SOON, () -> answers(consumer).equals(name));
    }

    private static String answers(DrivenProcess consumer) {
        try {
            return consumer.call("hello").get(0);
        } catch (DrivenProcess.Failure e) {
            return "";
        }
    }
}
