package io.registry.server.boot;

import java.util.HashMap;
import java.util.Map;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/**
 * Looks at the settings before anything is built, and hands those that the web server has to know to Spring, under the
 * names that it reads.
 */
final class StartCheck implements ApplicationListener<ApplicationEnvironmentPreparedEvent>, Ordered {

    private final String[] args;

    StartCheck(String[] args) {
        this.args = args.clone();
    }

    @Override
    public void onApplicationEvent(ApplicationEnvironmentPreparedEvent event) {
        for (String arg : args) {
            if (!arg.startsWith("--")) {
                throw new RefusedStart("argument: " + arg + " (expected: --name=value)");
            }
        }
        ConfigurableEnvironment environment = event.getEnvironment();
        RegistryProperties properties = RegistryProperties.of(environment);
        Map<String, Object> derived = new HashMap<>();
        derived.put("server.port", properties.port());
        derived.put("server.address", properties.address().getHostAddress());
        derived.put("server.tomcat.max-connections", properties.limits().httpConnections());
        derived.put("server.tomcat.max-http-form-post-size", properties.limits().httpBodyBytes());
        derived.put("server.tomcat.max-swallow-size", properties.limits().httpBodyBytes());
        environment.getPropertySources().addFirst(new MapPropertySource("derived from the settings", derived));
    }

    @Override
    public int getOrder() {
        // After the property files are read and logging is set up.
        return Ordered.LOWEST_PRECEDENCE;
    }
}
