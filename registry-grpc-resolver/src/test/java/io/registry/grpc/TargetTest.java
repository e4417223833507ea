package io.registry.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.ManagedChannelBuilder;
import io.grpc.NameResolver;
import io.grpc.SynchronizationContext;
import java.net.URI;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TargetTest {

    @Test
    void aTargetNamesServiceGroupAndClusters() {
        assertThat(Target.parse(URI.create("registry:///orders?group=G&clusters=a,b")))
                .isEqualTo(new Target("", "orders", "G", List.of("a", "b"), ""));
        assertThat(Target.parse(URI.create("registry:///G@@orders")))
                .isEqualTo(new Target("", "orders", "G", List.of(), ""));
        assertThat(Target.parse(URI.create("registry:///orders")))
                .isEqualTo(new Target("", "orders", "DEFAULT_GROUP", List.of(), ""));
    }

    @Test
    void aTargetMayNameServersAndTheirNamespace() {
        assertThat(Target.parse(URI.create("registry://a:8848/orders?namespace=n&servers=b:8848,c:8848")))
                .isEqualTo(new Target("a:8848,b:8848,c:8848", "orders", "DEFAULT_GROUP", List.of(), "n"));
    }

    @Test
    void whatHasAMeaningInAddressesIsWrittenWithPercentSigns() {
        assertThat(Target.parse(URI.create("registry:///a%2Bb+c%2Fd")).service())
                .isEqualTo("a+b+c/d");
    }

    @ParameterizedTest
    @CsvSource({
        "registry:orders, a path of one name",
        "registry:///, a path of one name",
        "registry:///G/orders, a path of one name",
        "registry:///orders?zone=a, no parameter zone=a",
        "registry:///orders?group, no parameter group",
        "registry:///orders?group=A&group=B, each parameter once",
        "registry:///A@@orders?group=B, its group once",
        "registry:///orders?namespace=n, only behind a server",
        "registry:///orders?servers=a:8848, only behind a server",
        "registry:///orders?clusters=a%20b, cluster",
        "registry:///orders?group=a%20b, group",
        "registry://10.0.0.1:99999/orders, serverAddr",
        "registry:///orders, registry://host:port/service",
    })
    void whatIsNotOfTheFormIsRefusedWhenTheChannelIsBuilt(String target, String rule) {
        assertThatThrownBy(() -> ManagedChannelBuilder.forTarget(target).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(target)
                .hasMessageContaining(rule);
    }

    @ParameterizedTest
    @CsvSource({"orders, orders", "a%2Fb@x, a%2Fb%40x", "gr%C3%BC%C3%9Fe, gr%C3%BC%C3%9Fe"})
    void theAuthorityIsTheNameOfTheService(String path, String authority) {
        SynchronizationContext context = new SynchronizationContext((thread, failure) -> {
            throw new AssertionError(failure);
        });
        NameResolver.Args args = NameResolver.Args.newBuilder()
                .setDefaultPort(80)
                .setProxyDetector(address -> null)
                .setSynchronizationContext(context)
                .setServiceConfigParser(new NameResolver.ServiceConfigParser() {
                    @Override
                    public NameResolver.ConfigOrError parseServiceConfig(java.util.Map<String, ?> config) {
                        return NameResolver.ConfigOrError.fromConfig(config);
                    }
                })
                .build();
        NameResolver resolver = Objects.requireNonNull(
                new RegistryNameResolverProvider().newNameResolver(URI.create("registry://127.0.0.1:1/" + path), args));

        assertThat(resolver.getServiceAuthority()).isEqualTo(authority);
    }
}
