package io.registry.spring;

import java.time.Duration;
import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the application registers itself.
 *
 * @param enabled whether it does
 * @param service its name; the application's name where it is empty
 * @param group its group; that of the client where it is empty
 * @param cluster its cluster
 * @param ip its address; found out where it is empty
 * @param port its port; that of the web server where it is 0
 * @param weight its weight, 0 to 10,000
 * @param metadata what consumers are to know of it
 * @param leaveTimeout how long a stop waits for consumers to know that it leaves; at most 60 s
 * @param linger how much longer the port stays open where there are consumers, for the calls for which this instance was
 *     chosen just before its consumer knew
 */
@ConfigurationProperties("registry.registration")
public record RegistrationProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue("") String service,
        @DefaultValue("") String group,
        @DefaultValue("DEFAULT") String cluster,
        @DefaultValue("") String ip,
        @DefaultValue("0") int port,
        @DefaultValue("1") double weight,
        @DefaultValue Map<String, String> metadata,
        @DefaultValue("5s") Duration leaveTimeout,
        @DefaultValue("500ms") Duration linger) {

    /** Keeps the metadata as they are now, and refuses a time below zero. */
    public RegistrationProperties {
        if (linger.isNegative()) {
            throw new IllegalArgumentException("registry.registration.linger: " + linger + " (expected: 0 or more)");
        }
        metadata = Map.copyOf(metadata);
    }
}
