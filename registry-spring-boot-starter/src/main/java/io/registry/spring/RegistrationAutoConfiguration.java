package io.registry.spring;

import io.registry.api.NamingService;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** Registers the application, with the port of its web server where it has one. */
@AutoConfiguration(after = RegistryClientAutoConfiguration.class)
@ConditionalOnBean(NamingService.class)
@ConditionalOnProperty(name = "registry.registration.enabled", matchIfMissing = true)
@EnableConfigurationProperties(RegistrationProperties.class)
public class RegistrationAutoConfiguration {

    @Bean
    RegistrationPort registrationPort(RegistrationProperties settings) {
        return new RegistrationPort(settings.port());
    }

    @Bean
    Registration registration(
            NamingService naming,
            RegistrationProperties settings,
            RegistryClientProperties client,
            RegistrationPort port,
            Environment environment) {
        return new Registration(
                naming,
                settings,
                port,
                settings.service().isBlank()
                        ? environment.getProperty("spring.application.name", "")
                        : settings.service(),
                settings.group().isBlank() ? client.group() : settings.group());
    }

    /** For applications with a web server. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(name = "org.springframework.boot.web.server.context.WebServerInitializedEvent")
    static class OfWebServer {

        @Bean
        WebServerPort webServerPort(RegistrationPort port) {
            return new WebServerPort(port);
        }
    }
}
