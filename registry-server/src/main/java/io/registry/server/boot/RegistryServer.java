package io.registry.server.boot;

import io.registry.server.command.BackupCommand;
import io.registry.server.grpc.SdkServer;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.endpoint.jackson.JacksonEndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementContextAutoConfiguration;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.availability.ApplicationAvailabilityAutoConfiguration;
import org.springframework.boot.autoconfigure.context.LifecycleAutoConfiguration;
import org.springframework.boot.health.autoconfigure.actuate.endpoint.AvailabilityProbesAutoConfiguration;
import org.springframework.boot.health.autoconfigure.actuate.endpoint.HealthEndpointAutoConfiguration;
import org.springframework.boot.health.autoconfigure.contributor.HealthContributorAutoConfiguration;
import org.springframework.boot.health.autoconfigure.registry.HealthContributorRegistryAutoConfiguration;
import org.springframework.boot.http.converter.autoconfigure.HttpMessageConvertersAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.prometheus.PrometheusMetricsExportAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.jvm.JvmMetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.system.SystemMetricsAutoConfiguration;
import org.springframework.boot.servlet.autoconfigure.actuate.web.ServletManagementContextAutoConfiguration;
import org.springframework.boot.tomcat.autoconfigure.metrics.TomcatMetricsAutoConfiguration;
import org.springframework.boot.tomcat.autoconfigure.servlet.TomcatServletWebServerAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.actuate.endpoint.web.WebMvcHealthEndpointExtensionAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.error.ErrorMvcAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Import;

/**
 * Starts the server. Nothing is scanned or guessed: the parts of Spring Boot that are used are named here, which is a
 * good part of the time that a start would take otherwise.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@ImportAutoConfiguration({
    // the HTTP port
    TomcatServletWebServerAutoConfiguration.class,
    DispatcherServletAutoConfiguration.class,
    WebMvcAutoConfiguration.class,
    ErrorMvcAutoConfiguration.class,
    HttpMessageConvertersAutoConfiguration.class,
    JacksonAutoConfiguration.class,
    LifecycleAutoConfiguration.class,
    // health and metrics
    EndpointAutoConfiguration.class,
    JacksonEndpointAutoConfiguration.class,
    WebEndpointAutoConfiguration.class,
    ManagementContextAutoConfiguration.class,
    ServletManagementContextAutoConfiguration.class,
    ApplicationAvailabilityAutoConfiguration.class,
    AvailabilityProbesAutoConfiguration.class,
    HealthContributorRegistryAutoConfiguration.class,
    HealthContributorAutoConfiguration.class,
    HealthEndpointAutoConfiguration.class,
    WebMvcHealthEndpointExtensionAutoConfiguration.class,
    MetricsAutoConfiguration.class,
    CompositeMeterRegistryAutoConfiguration.class,
    PrometheusMetricsExportAutoConfiguration.class,
    JvmMetricsAutoConfiguration.class,
    SystemMetricsAutoConfiguration.class,
    TomcatMetricsAutoConfiguration.class
})
@Import({
    CoreWiring.class,
    AccessWiring.class,
    WebWiring.class,
    HttpWiring.class,
    GrpcWiring.class,
    PeerWiring.class,
    BalanceWiring.class,
    FlightWiring.class,
    TlsWiring.class,
    HealthWiring.class
})
public class RegistryServer {

    private static final Logger LOG = LoggerFactory.getLogger(RegistryServer.class);
    private static final String PREPARED = RegistryServer.class.getName() + "__ApplicationContextInitializer";

    /** Starts the server with arguments of the form {@code --name=value}; where the first is a command, does that. */
    public static void main(String[] args) {
        if (BackupCommand.isMeant(args)) {
            System.exit(BackupCommand.run(args));
        }
        usePreparedBeans();
        SpringApplication application = new SpringApplication(RegistryServer.class);
        application.addListeners(new StartCheck(args));
        try {
            ConfigurableApplicationContext context = application.run(args);
            RegistryProperties properties = context.getBean(RegistryProperties.class);
            if (properties.rehearsal()) {
                rehearse(context, properties);
            }
        } catch (SpringApplication.AbandonedRunException e) {
            // The build has seen which beans there are, and does not want them to start.
            throw e;
        } catch (RuntimeException e) {
            // Reported already, on one line where the operator can do something about it.
            System.exit(1);
        }
    }

    private static void rehearse(ConfigurableApplicationContext context, RegistryProperties properties) {
        int httpPort = context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
        int sdkPort = context.getBean(SdkServer.class).port();
        int status = 0;
        try {
            new Rehearsal(properties.address(), httpPort, sdkPort).run();
        } catch (IOException e) {
            LOG.error("rehearsal failed", e);
            status = 1;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            status = 1;
        }
        context.close();
        System.exit(status);
    }

    /** Uses the bean definitions that the build has written as code, where it has. */
    private static void usePreparedBeans() {
        // While the build writes them, those of an earlier build may lie there.
        if (System.getProperty("spring.aot.processing") == null
                && System.getProperty("spring.aot.enabled") == null
                && RegistryServer.class.getClassLoader().getResource(PREPARED.replace('.', '/') + ".class") != null) {
            System.setProperty("spring.aot.enabled", "true");
        }
    }
}
