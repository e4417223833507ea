package io.registry.server.boot;

import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.filter.RequestContextFilter;

/** Keeps the way of a request to the naming servlet short. */
@Configuration(proxyBeanMethods = false)
class WebWiring {

    @Bean
    RequestContextFilter requestContextFilter() {
        return new RequestContextFilter();
    }

    /** The filter serves beans that live as long as a request, and there are none. */
    @Bean
    FilterRegistrationBean<RequestContextFilter> noRequestContext(RequestContextFilter filter) {
        FilterRegistrationBean<RequestContextFilter> registration = new FilterRegistrationBean<>(filter);
        registration.setEnabled(false);
        return registration;
    }
}
