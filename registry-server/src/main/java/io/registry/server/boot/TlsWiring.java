package io.registry.server.boot;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.registry.server.core.loop.RegistryLoop;
import io.registry.server.sockets.MemberTls;
import io.registry.server.sockets.PortTls;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import org.springframework.boot.tomcat.ConfigurableTomcatWebServerFactory;
import org.springframework.boot.web.server.Ssl;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Builds what encrypts the ports. */
@Configuration(proxyBeanMethods = false)
public class TlsWiring {

    @Bean
    DefaultSslBundleRegistry tlsBundles() {
        return new DefaultSslBundleRegistry();
    }

    @Bean
    TlsCertificates tlsCertificates(
            RegistryProperties properties, DefaultSslBundleRegistry bundles, RegistryLoop loop, NodeThreads threads) {
        TlsCertificates certificates = new TlsCertificates(properties.tls(), bundles);
        certificates.load();
        certificates.watch(loop, threads.disk());
        return certificates;
    }

    @Bean
    WebServerFactoryCustomizer<ConfigurableTomcatWebServerFactory> encryptedHttp(
            RegistryProperties properties, TlsCertificates certificates, DefaultSslBundleRegistry bundles) {
        return factory -> {
            if (properties.tls().http()) {
                Ssl ssl = Ssl.forBundle(TlsCertificates.BUNDLE);
                ssl.setClientAuth(properties.tls().clientAuth() ? Ssl.ClientAuth.NEED : Ssl.ClientAuth.NONE);
                factory.setSsl(ssl);
                factory.setSslBundles(bundles);
            }
        };
    }

    @Bean
    MeterBinder tlsMeters(TlsCertificates certificates, SystemClock clock) {
        return meters -> {
            if (certificates.expiresAtMillis() == 0) {
                return;
            }
            FunctionCounter.builder("registry.tls.loads", certificates.loaded(), LongAdder::sum)
                    .register(meters);
            FunctionCounter.builder("registry.tls.failures", certificates.failed(), LongAdder::sum)
                    .register(meters);
            Gauge.builder("registry.tls.failing", certificates, each -> each.isFailing() ? 1 : 0)
                    .register(meters);
            TimeGauge.builder(
                            "registry.tls.expires",
                            certificates,
                            TimeUnit.MILLISECONDS,
                            each -> each.expiresAtMillis() - clock.wallMillis())
                    .register(meters);
            PortTls grpc = certificates.grpc();
            if (grpc != null) {
                connections("registry.tls.grpc.connections", grpc.connections(), meters);
            }
            MemberTls cluster = certificates.cluster();
            if (cluster != null) {
                connections(
                        "registry.tls.cluster.connections", cluster.incoming().connections(), meters);
                connections("registry.tls.raft.connections", cluster.raft().connections(), meters);
            }
        };
    }

    private static void connections(String name, Map<String, LongAdder> counts, MeterRegistry meters) {
        counts.forEach((kind, count) -> FunctionCounter.builder(name, count, LongAdder::sum)
                .tag("kind", kind)
                .register(meters));
    }
}
