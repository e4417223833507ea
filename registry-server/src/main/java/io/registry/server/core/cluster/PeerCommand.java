package io.registry.server.core.cluster;

import io.registry.api.model.Instance;
import io.registry.api.model.ServiceKey;
import org.jspecify.annotations.Nullable;

/** What one node asks of another. */
public sealed interface PeerCommand {

    /** The service that it is about. */
    ServiceKey service();

    /** Gives the command to the method of its kind. */
    <R> R to(Handler<R> handler);

    /** One method for each kind of command. */
    interface Handler<R> {

        /** Takes what a caller over HTTP wants of an instance that lives by beats. */
        R instance(OfInstance command);

        /** Takes the question what the node has of a service. */
        R digest(Digest command);
    }

    /** What a caller over HTTP wants of an instance that lives by beats, for the node that is responsible for its address. */
    sealed interface OfInstance extends PeerCommand {

        /** The instance's IP. */
        String ip();

        /** The instance's port. */
        int port();

        /** Returns {@code ip:port}, by which the responsible node is found. */
        default String address() {
            return ip() + ":" + port();
        }

        @Override
        default <R> R to(Handler<R> handler) {
            return handler.instance(this);
        }
    }

    /**
     * Registers an instance, or replaces what was registered of the same address.
     *
     * @param instance accepted already
     */
    record Register(ServiceKey service, Instance instance) implements OfInstance {

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
    record Deregister(ServiceKey service, String ip, int port) implements OfInstance {}

    /**
     * Says that an instance lives.
     *
     * @param full what the beat says of the instance, not looked at yet; null for a light beat
     */
    record Beat(
            ServiceKey service,
            String ip,
            int port,
            @Nullable Instance full) implements OfInstance {}

    /** Asks for the digest of what the node has of a service. */
    record Digest(ServiceKey service) implements PeerCommand {

        @Override
        public <R> R to(Handler<R> handler) {
            return handler.digest(this);
        }
    }
}
