package io.registry.server.compat;

import static org.assertj.core.api.Assertions.assertThat;

import io.registry.server.testkit.Await;
import io.registry.server.testkit.RegistryProcess;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Applications on Spring Cloud Alibaba find each other through the server. */
@Tag("long")
class SpringCloudIT {

    private static final Duration SOON = Duration.ofSeconds(15);

    /** The newest release, with the Spring Boot and Spring Cloud it was built for. */
    private static final String DEPENDENCIES = """
              <dependencyManagement>
                <dependencies>
                  <dependency>
                    <groupId>org.springframework.boot</groupId>
                    <artifactId>spring-boot-dependencies</artifactId>
                    <version>4.0.0</version>
                    <type>pom</type>
                    <scope>import</scope>
                  </dependency>
                  <dependency>
                    <groupId>org.springframework.cloud</groupId>
                    <artifactId>spring-cloud-dependencies</artifactId>
                    <version>2025.1.0</version>
                    <type>pom</type>
                    <scope>import</scope>
                  </dependency>
                  <dependency>
                    <groupId>com.alibaba.cloud</groupId>
                    <artifactId>spring-cloud-alibaba-dependencies</artifactId>
                    <version>2025.1.0.0</version>
                    <type>pom</type>
                    <scope>import</scope>
                  </dependency>
                </dependencies>
              </dependencyManagement>
              <dependencies>
                <dependency>
                  <groupId>org.springframework.boot</groupId>
                  <artifactId>spring-boot-starter-webmvc</artifactId>
                </dependency>
                <dependency>
                  <groupId>org.springframework.cloud</groupId>
                  <artifactId>spring-cloud-starter-loadbalancer</artifactId>
                </dependency>
                <dependency>
                  <groupId>com.alibaba.cloud</groupId>
                  <artifactId>spring-cloud-starter-alibaba-nacos-discovery</artifactId>
                </dependency>
              </dependencies>
            """;

    private final ForeignApplication application = ForeignApplication.compile("spring", DEPENDENCIES);

    @Test
    void consumerCallsItsProviderByNameAndFollowsWhoComesAndGoes() {
        try (RegistryProcess server = RegistryProcess.start();
                DrivenProcess first = startProvider(server);
                DrivenProcess consumer = startConsumer(server)) {
            String atFirst = first.call("where").get(0);
            awaitInstances(consumer, atFirst);
            assertThat(consumer.call("call", "greeter")).containsExactly(atFirst);

            try (DrivenProcess second = startProvider(server)) {
                String atSecond = second.call("where").get(0);
                awaitInstances(consumer, atFirst, atSecond);
                first.call("stop");
                awaitInstances(consumer, atSecond);
                assertThat(consumer.call("call", "greeter")).containsExactly(atSecond);
                second.kill();
            }
            awaitInstances(consumer);
        }
    }

    private DrivenProcess startProvider(RegistryProcess server) {
        return application.start(
                "provider.Provider",
                "--spring.application.name=greeter",
                "--spring.cloud.nacos.discovery.server-addr=" + server.address(),
                "--spring.cloud.nacos.discovery.ip=127.0.0.1",
                "--server.address=127.0.0.1",
                "--server.port=0");
    }

    private DrivenProcess startConsumer(RegistryProcess server) {
        return application.start(
                "consumer.Consumer",
                "--spring.application.name=asker",
                "--spring.cloud.nacos.discovery.server-addr=" + server.address(),
                "--spring.cloud.loadbalancer.cache.enabled=false",
                "--spring.main.web-application-type=none");
    }

    private static void awaitInstances(DrivenProcess consumer, String... expected) {
        List<String> sorted = Stream.of(expected).sorted().toList();
        Await.until(
                "the consumer finds " + sorted,
                SOON,
                () -> consumer.call("instances", "greeter").equals(sorted));
    }
}
