package io.registry.spring;

import io.registry.api.NamingService;
import io.registry.client.NamingFactory;
import java.util.Properties;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/** The client, unless the application has made its own. */
@AutoConfiguration
@ConditionalOnProperty(name = "registry.client.enabled", matchIfMissing = true)
@EnableConfigurationProperties(RegistryClientProperties.class)
public class RegistryClientAutoConfiguration {

    @Bean(destroyMethod = "close")
    @ConditionalOnMissingBean
    NamingService namingService(RegistryClientProperties settings, Environment environment) {
        Properties properties = new Properties();
        String application = environment.getProperty("spring.application.name", "");
        if (!application.isBlank()) {
            properties.setProperty("project.name", application);
        }
        properties.setProperty("serverAddr", settings.serverAddr());
        properties.setProperty("namespace", settings.namespace());
        if (!settings.username().isEmpty()) {
            properties.setProperty("username", settings.username());
            properties.setProperty("password", settings.password());
        }
        properties.putAll(settings.properties());
        return NamingFactory.createNamingService(properties);
    }
}
