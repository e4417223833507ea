package io.registry.spring;

import io.registry.api.NamingService;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.cloud.client.ConditionalOnBlockingDiscoveryEnabled;
import org.springframework.cloud.client.ConditionalOnDiscoveryEnabled;
import org.springframework.cloud.client.ConditionalOnReactiveDiscoveryEnabled;
import org.springframework.cloud.client.discovery.DiscoveryClient;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The clients of Spring Cloud Commons, where that is on the class path. */
@AutoConfiguration(
        after = RegistryClientAutoConfiguration.class,
        beforeName = {
            "org.springframework.cloud.client.CommonsClientAutoConfiguration",
            "org.springframework.cloud.client.discovery.simple.SimpleDiscoveryClientAutoConfiguration",
            "org.springframework.cloud.client.ReactiveCommonsClientAutoConfiguration",
            "org.springframework.cloud.client.discovery.simple.reactive.SimpleReactiveDiscoveryClientAutoConfiguration"
        })
@ConditionalOnClass(DiscoveryClient.class)
@ConditionalOnBean(NamingService.class)
@ConditionalOnDiscoveryEnabled
public class DiscoveryAutoConfiguration {

    @Bean
    DiscoveredInstances discoveredInstances(NamingService naming, RegistryClientProperties settings) {
        return new DiscoveredInstances(naming, settings.group());
    }

    /** For applications whose threads block. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnBlockingDiscoveryEnabled
    static class Blocking {

        @Bean
        @ConditionalOnMissingBean
        RegistryDiscoveryClient registryDiscoveryClient(DiscoveredInstances registry) {
            return new RegistryDiscoveryClient(registry);
        }
    }

    /** For applications with Reactor. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(name = "reactor.core.publisher.Flux")
    @ConditionalOnReactiveDiscoveryEnabled
    static class Reactive {

        @Bean
        @ConditionalOnMissingBean
        RegistryReactiveDiscoveryClient registryReactiveDiscoveryClient(DiscoveredInstances registry) {
            return new RegistryReactiveDiscoveryClient(registry);
        }
    }
}
