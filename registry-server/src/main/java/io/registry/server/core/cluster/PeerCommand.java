package io.registry.server.core.cluster;

import io.registry.api.model.Instance;
import io.registry.api.model.ServiceKey;
import org.jspecify.annotations.Nullable;

/** What a caller over HTTP wants of an instance that lives by beats, for the node that is responsible for its address. */
public sealed interface PeerCommand {

    /** The service. */
    ServiceKey service();

    /** The instance's IP. */
    String ip();

    /** The instance's port. */
    int port();

    /** Returns {@code ip:port}, by which the responsible node is found. */
    default String address() {
        return ip() + ":" + port();
    }

    /**
     * Registers an instance, or replaces what was registered of the same address.
     *
     * @param instance accepted already
     */
    record Register(ServiceKey service, Instance instance) implements PeerCommand {

        @Override
        public String ip() {
            return instance.ip();
        }

        @Override
        public int port() {
            return instance.port();
        }
    }

    /** Deregisters an address. */
    record Deregister(ServiceKey service, String ip, int port) implements PeerCommand {}

    /**
     * Says that an instance lives.
     *
     * @param full what the beat says of the instance, not looked at yet; null for a light beat
     */
    record Beat(
            ServiceKey service,
            String ip,
            int port,
            @Nullable Instance full) implements PeerCommand {}
}
