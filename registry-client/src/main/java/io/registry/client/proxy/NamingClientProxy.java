package io.registry.client.proxy;

import io.registry.api.model.Departure;
import io.registry.api.model.Instance;
import io.registry.api.model.InstanceKey;
import io.registry.api.model.ServiceKey;
import io.registry.api.model.ServicePage;
import io.registry.proto.payload.WireService;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What can be asked of a server. Where an owner is named, it is the object on whose behalf something is wanted; what
 * different owners want adds up.
 *
 * <p>Failures are {@link io.registry.api.error.RegistryException}.
 *
 * <p><b>Threading</b>: for the client loop, on which results arrive as well.
 */
public interface NamingClientProxy {

    /** How many things are wanted, and how many of them the server has acknowledged. */
    record Standing(
            int registrations, int registered, int subscriptions, int subscribed, Map<String, String> refused) {}

    /** Registers an ephemeral instance beside what the owner has of the service. */
    CompletableFuture<Void> register(Object owner, ServiceKey service, Instance instance);

    /** Registers exactly these ephemeral instances for the owner. */
    CompletableFuture<Void> registerBatch(Object owner, ServiceKey service, List<Instance> instances);

    /** Deregisters ephemeral instances of the owner. */
    CompletableFuture<Void> deregister(Object owner, ServiceKey service, List<InstanceKey> instances);

    /**
     * Waits until all who follow a service know it as it is.
     *
     * @return {@link Departure#UNCERTAIN}, after the time, where the server cannot tell
     */
    CompletableFuture<Departure> awaitSubscribers(ServiceKey service, Duration timeout);

    /** Registers a persistent instance. */
    CompletableFuture<Void> registerPersistent(ServiceKey service, Instance instance);

    /** Deregisters a persistent instance. */
    CompletableFuture<Void> deregisterPersistent(ServiceKey service, Instance instance);

    /** Follows a service until {@link #unsubscribe}. */
    CompletableFuture<Void> subscribe(ServiceKey service);

    /** Ends a subscription. */
    CompletableFuture<Void> unsubscribe(ServiceKey service);

    /** Asks for a service. */
    CompletableFuture<WireService> query(ServiceKey service);

    /** Asks for a page of the services of a group. */
    CompletableFuture<ServicePage> services(int pageNo, int pageSize, String group);

    /** Deregisters everything of an owner. */
    CompletableFuture<Void> withdraw(Object owner);

    /** Asks whether a server is there. */
    CompletableFuture<Boolean> up();

    /** Returns how things stand, for one owner's registrations or, where it is null, for all. */
    Standing standing(@Nullable Object owner);
}
