package io.registry.spring;

import io.registry.api.model.ServiceKey;
import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Which servers to use, and as whom.
 *
 * @param enabled whether there is a client at all
 * @param serverAddr servers, {@code host:port} with commas between them
 * @param namespace the namespace id
 * @param group the group in which services are looked for and, unless another is named, registered
 * @param username who logs in; empty for nobody
 * @param password the password of that user
 * @param properties any further property of the client, by its own name
 */
@ConfigurationProperties("registry.client")
public record RegistryClientProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue("127.0.0.1:8848") String serverAddr,
        @DefaultValue(ServiceKey.DEFAULT_NAMESPACE) String namespace,
        @DefaultValue(ServiceKey.DEFAULT_GROUP) String group,
        @DefaultValue("") String username,
        @DefaultValue("") String password,
        @DefaultValue Map<String, String> properties) {

    /** Keeps the further properties as they are now. */
    public RegistryClientProperties {
        properties = Map.copyOf(properties);
    }
}
