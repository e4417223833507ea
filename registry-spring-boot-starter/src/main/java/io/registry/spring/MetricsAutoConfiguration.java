package io.registry.spring;

import io.micrometer.core.instrument.binder.MeterBinder;
import io.registry.api.NamingService;
import io.registry.client.metrics.NamingServiceMetrics;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.context.annotation.Bean;

/** Shows the client's meters; Spring Boot binds them to every meter registry of the application. */
@AutoConfiguration(after = RegistryClientAutoConfiguration.class)
@ConditionalOnClass(MeterBinder.class)
@ConditionalOnSingleCandidate(NamingService.class)
public class MetricsAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean
    NamingServiceMetrics namingServiceMetrics(NamingService naming) {
        return new NamingServiceMetrics(naming);
    }
}
