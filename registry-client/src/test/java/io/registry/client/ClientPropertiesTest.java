package io.registry.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.registry.api.error.RegistryException;
import io.registry.client.server.ServerAddress;
import io.registry.client.tls.TlsFiles;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientPropertiesTest {

    private static Properties properties(String... pairs) {
        Properties properties = new Properties();
        for (int i = 0; i < pairs.length; i += 2) {
            properties.setProperty(pairs[i], pairs[i + 1]);
        }
        return properties;
    }

    private static ClientOptions read(String... pairs) {
        return ClientProperties.read(properties(pairs), new Properties()).options();
    }

    @Test
    void defaultsAreThese() {
        assertThat(read("serverAddr", "h", "registry.client-ip", "1.2.3.4"))
                .isEqualTo(new ClientOptions(
                        List.of(new ServerAddress("http", "h", 8848)),
                        "",
                        "public",
                        "",
                        "",
                        "/nacos",
                        Transport.GRPC,
                        1000,
                        Duration.ofSeconds(3),
                        Duration.ofSeconds(3),
                        3,
                        false,
                        false,
                        Path.of(System.getProperty("user.home"), "registry", "naming"),
                        "unknown",
                        "1.2.3.4",
                        null));
    }

    @Test
    void certificatesOfTheProtocolsClientCountWhereItsTlsIsOn() {
        String[] files = {
            "serverAddr", "h",
            "nacos.remote.client.rpc.tls.trustCollectionChainPath", "ca.pem",
            "nacos.remote.client.rpc.tls.certChainFile", "own.pem",
            "nacos.remote.client.rpc.tls.certPrivateKey", "own.key"
        };
        Properties on = properties(files);
        on.setProperty("nacos.remote.client.rpc.tls.enable", "true");
        Properties mutual = properties(files);
        mutual.setProperty("nacos.remote.client.rpc.tls.mutualAuth", "true");
        Properties process = properties("nacos.remote.client.rpc.tls.enable", "true");

        assertThat(read(files).tls()).isNull();
        assertThat(ClientProperties.read(on, new Properties()).options().tls())
                .isEqualTo(new TlsFiles(Path.of("ca.pem"), null, null));
        assertThat(ClientProperties.read(mutual, process).options().tls())
                .isEqualTo(new TlsFiles(Path.of("ca.pem"), Path.of("own.pem"), Path.of("own.key")));
    }

    @Test
    void ownNamesOfCertificatesSwitchTlsOn() {
        assertThat(read("serverAddr", "h", "registry.tls", "true").tls()).isEqualTo(TlsFiles.DEFAULTS);
        assertThat(read("serverAddr", "h", "registry.tls-trust", "ca.pem").tls())
                .isEqualTo(new TlsFiles(Path.of("ca.pem"), null, null));
    }

    @Test
    void namesOfTheProtocolsClientAreRead() {
        assertThat(read(
                        "serverAddr", "a:1,b:2",
                        "namespace", "dev",
                        "username", "u",
                        "password", "p",
                        "contextPath", "ctx/",
                        "namingLoadCacheAtStart", "true",
                        "namingPushEmptyProtection", "TRUE",
                        "namingRequestDomainMaxRetryCount", "5",
                        "namingCacheRegistryDir", "cache",
                        "namingRequestTimeout", "1500",
                        "redoDelayTime", "700",
                        "project.name", "shop",
                        "nacos.server.grpc.port.offset", "10",
                        "com.alibaba.nacos.client.local.ip", "1.2.3.4",
                        "com.alibaba.nacos.naming.log.level", "info"))
                .isEqualTo(new ClientOptions(
                        List.of(new ServerAddress("http", "a", 1), new ServerAddress("http", "b", 2)),
                        "",
                        "dev",
                        "u",
                        "p",
                        "/ctx",
                        Transport.GRPC,
                        10,
                        Duration.ofMillis(1500),
                        Duration.ofMillis(700),
                        5,
                        true,
                        true,
                        Path.of("cache"),
                        "shop",
                        "1.2.3.4",
                        null));
    }

    @Test
    void propertiesOfTheProcessGiveWayToThoseOfTheClient() {
        Properties process = properties("nacos.server.grpc.port.offset", "7", "project.name", "process");

        ClientOptions options = ClientProperties.read(properties("serverAddr", "h", "project.name", "client"), process)
                .options();

        assertThat(options.grpcPortOffset()).isEqualTo(7);
        assertThat(options.appName()).isEqualTo("client");
    }

    @Test
    void endpointIsPutTogether() {
        assertThat(read("endpoint", "addresses.example").endpoint())
                .isEqualTo("http://addresses.example:8080/nacos/serverlist");
        assertThat(read(
                                "endpoint", "e",
                                "endpointPort", "9",
                                "endpointContextPath", "/c/",
                                "endpointClusterName", "list",
                                "namespace", "dev")
                        .endpoint())
                .isEqualTo("http://e:9/c/list?namespace=dev");
        assertThat(read("endpoint", "e", "serverAddr", "h").endpoint())
                .as("not asked where servers are named")
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "registry.transprot, http",
        "registry.transport, udp",
        "namingLoadCacheAtStart, yes",
        "namingRequestTimeout, soon",
        "namingRequestTimeout, 5",
        "namingRequestDomainRetryCount, 0",
        "serverAddr, host:x",
        "namespace, a b",
        "nacos.remote.client.rpc.tls.trustAll, true",
        "registry.tls-certificate, some.pem",
        "registry.tls-key, some.pem"
    })
    void malformedPropertyIsRefused(String name, String value) {
        assertThatThrownBy(() -> {
                    Properties properties = properties("serverAddr", "h");
                    properties.setProperty(name, value);
                    ClientProperties.read(properties, new Properties()).options();
                })
                .isInstanceOf(RegistryException.class)
                .hasMessageMatching("(?s).*(expected|illegal).*");
    }

    @Test
    void clientWithoutAServerIsRefused() {
        assertThatThrownBy(() -> read("namespace", "dev")).hasMessageContaining("serverAddr");
    }

    @Test
    void passwordIsNotShown() {
        assertThat(read("serverAddr", "h", "username", "u", "password", "secret"))
                .asString()
                .doesNotContain("secret");
    }
}
