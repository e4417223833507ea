package io.registry.server.core.cluster;

import io.registry.api.model.Instance;
import io.registry.api.model.ServiceKey;
import io.registry.distro.model.Buckets;
import io.registry.distro.model.ClientId;
import io.registry.distro.model.NodeId;
import io.registry.server.core.event.Origin;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What one node asks of another. */
public sealed interface PeerCommand {

    /** Gives the command to the method of its kind. */
    <R> R to(Handler<R> handler);

    /** One method for each kind of command. */
    interface Handler<R> {

        /** Takes what a caller over HTTP wants of an instance that lives by beats. */
        R instance(OfInstance command);

        /** Takes the question what the node has of a service. */
        R digest(Digest command);

        /** Takes the question whether the node's subscribers know a service as a client left it. */
        R awaitSubscribers(AwaitSubscribers command);

        /** Takes the question how busy the node is. */
        R load(Load command);

        /** Takes the wish that the node moves clients away. */
        R shed(Shed command);

        /** Takes the question which records the node has of a service. */
        R records(Records command);

        /** Takes the wish that the node asks the owners of records again. */
        R askAgain(AskAgain command);
    }

    /** What a caller over HTTP wants of an instance that lives by beats, for the node that is responsible for its address. */
    sealed interface OfInstance extends PeerCommand {

        /** Who wants it, for the record. */
        Origin origin();

        /** Returns this as another node is asked to carry it out. */
        OfInstance through(NodeId node);

        /** The service that it is about. */
        ServiceKey service();

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
    record Register(Origin origin, ServiceKey service, Instance instance) implements OfInstance {

        @Override
        public Register through(NodeId node) {
            return new Register(origin.through(node), service, instance);
        }

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
    record Deregister(Origin origin, ServiceKey service, String ip, int port) implements OfInstance {

        @Override
        public Deregister through(NodeId node) {
            return new Deregister(origin.through(node), service, ip, port);
        }
    }

    /**
     * Says that an instance lives.
     *
     * @param full what the beat says of the instance, not looked at yet; null for a light beat
     */
    record Beat(
            Origin origin,
            ServiceKey service,
            String ip,
            int port,
            @Nullable Instance full) implements OfInstance {

        @Override
        public Beat through(NodeId node) {
            return new Beat(origin.through(node), service, ip, port, full);
        }
    }

    /** Asks for the digest of what the node has of a service. */
    record Digest(ServiceKey service) implements PeerCommand {

        @Override
        public <R> R to(Handler<R> handler) {
            return handler.digest(this);
        }
    }

    /**
     * Asks to be answered when the node's subscribers of a service have acknowledged it in a state that includes what a
     * client wrote.
     *
     * @param writer the client; the node waits until it has what it wrote
     * @param told the hybrid time of the write, or of a later one of the same client; 0 where it has written nothing
     * @param timeout how long to wait at most
     */
    record AwaitSubscribers(ServiceKey service, ClientId writer, long told, Duration timeout) implements PeerCommand {

        @Override
        public <R> R to(Handler<R> handler) {
            return handler.awaitSubscribers(this);
        }
    }

    /** Asks how busy the node is. */
    record Load() implements PeerCommand {

        @Override
        public <R> R to(Handler<R> handler) {
            return handler.load(this);
        }
    }

    /**
     * Asks the node to move clients to other members, at the pace at which that is done. The reply is how busy it is.
     *
     * @param keep how many clients it keeps
     */
    record Shed(int keep) implements PeerCommand {

        @Override
        public <R> R to(Handler<R> handler) {
            return handler.shed(this);
        }
    }

    /**
     * Asks what records the node has of a service: for sums of all.
     *
     * @param wanted the buckets whose records are told one by one
     */
    record Records(ServiceKey service, Buckets wanted) implements PeerCommand {

        @Override
        public <R> R to(Handler<R> handler) {
            return handler.records(this);
        }
    }

    /**
     * Asks the node to ask the others for all that they own in some buckets. The reply is how many it has asked.
     *
     * @param buckets which
     */
    record AskAgain(Buckets buckets) implements PeerCommand {

        @Override
        public <R> R to(Handler<R> handler) {
            return handler.askAgain(this);
        }
    }
}
