package io.registry.spring;

import io.registry.api.NamingService;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;

/** Shows the client among what the application's health is made of, as {@code registry}. */
@AutoConfiguration(after = RegistryClientAutoConfiguration.class)
@ConditionalOnClass({HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class})
@ConditionalOnBean(NamingService.class)
@ConditionalOnEnabledHealthIndicator("registry")
public class HealthAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean(name = "registryHealthIndicator")
    RegistryHealthIndicator registryHealthIndicator(NamingService naming) {
        return new RegistryHealthIndicator(naming);
    }
}
