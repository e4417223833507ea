package io.registry.server.boot;

import io.registry.server.http.ActuatorGuard;
import io.registry.server.http.Admission;
import io.registry.server.http.UnreadBodies;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.boot.tomcat.ConfigurableTomcatWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.filter.RequestContextFilter;

/** Keeps the way of a request to the naming servlet short, and threads free of callers that dawdle. */
@Configuration(proxyBeanMethods = false)
class WebWiring {

    @Bean
    WebServerFactoryCustomizer<ConfigurableTomcatWebServerFactory> unreadBodies() {
        return factory -> factory.addEngineValves(new UnreadBodies());
    }

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

    /** Before everything that the framework answers. */
    @Bean
    FilterRegistrationBean<ActuatorGuard> actuatorGuard(Admission admission) {
        FilterRegistrationBean<ActuatorGuard> registration = new FilterRegistrationBean<>(new ActuatorGuard(admission));
        registration.addServletNames("dispatcherServlet");
        return registration;
    }

    /** Parameters that cannot be decoded are the caller's mistake; the servlet of the probes would answer with 500. */
    @Bean
    FilterRegistrationBean<Filter> malformedParameters() {
        FilterRegistrationBean<Filter> registration = new FilterRegistrationBean<>((request, response, chain) -> {
            try {
                request.getParameterMap();
            } catch (IllegalStateException e) {
                ((HttpServletResponse) response).setStatus(HttpServletResponse.SC_BAD_REQUEST);
                return;
            }
            chain.doFilter(request, response);
        });
        registration.addServletNames("dispatcherServlet");
        return registration;
    }
}
