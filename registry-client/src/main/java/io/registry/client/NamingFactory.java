package io.registry.client;

import io.registry.api.NamingService;
import java.util.Properties;

/** Makes a {@link NamingService} from properties, with the names that users of the protocol's Java client set. */
public final class NamingFactory {

    private NamingFactory() {}

    /**
     * Makes a service for the default namespace.
     *
     * @param serverAddr {@code host:port}, several with commas between them
     */
    public static NamingService createNamingService(String serverAddr) {
        return RegistryClient.builder().serverAddr(serverAddr).build();
    }

    /**
     * Makes a service. The properties are listed in {@code docs/client.md}. Those that mean nothing here are ignored;
     * unknown ones whose name begins with {@code registry.} are refused, for they can only be spelled wrongly.
     *
     * @throws io.registry.api.error.RegistryException with {@code INVALID_PARAMETER} where a property is malformed
     */
    public static NamingService createNamingService(Properties properties) {
        return ClientProperties.read(properties, System.getProperties()).build();
    }
}
