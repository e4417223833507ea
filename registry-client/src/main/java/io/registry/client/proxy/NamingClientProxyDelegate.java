package io.registry.client.proxy;

import io.registry.api.model.Departure;
import io.registry.api.model.Instance;
import io.registry.api.model.InstanceKey;
import io.registry.api.model.ServiceKey;
import io.registry.api.model.ServicePage;
import io.registry.proto.payload.WireService;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Picks the transport: the connection, but HTTP for persistent instances where the server in use wants it so. */
public final class NamingClientProxyDelegate implements NamingClientProxy {

    private final NamingGrpcClientProxy grpc;
    private final NamingHttpClientProxy http;

    /** Makes a delegate. */
    public NamingClientProxyDelegate(NamingGrpcClientProxy grpc, NamingHttpClientProxy http) {
        this.grpc = grpc;
        this.http = http;
    }

    private NamingClientProxy forPersistent() {
        return grpc.takesPersistent() ? grpc : http;
    }

    @Override
    public CompletableFuture<Void> register(Object owner, ServiceKey service, Instance instance) {
        return grpc.register(owner, service, instance);
    }

    @Override
    public CompletableFuture<Void> registerBatch(Object owner, ServiceKey service, List<Instance> instances) {
        return grpc.registerBatch(owner, service, instances);
    }

    @Override
    public CompletableFuture<Void> deregister(Object owner, ServiceKey service, List<InstanceKey> instances) {
        return grpc.deregister(owner, service, instances);
    }

    @Override
    public CompletableFuture<Departure> awaitSubscribers(ServiceKey service, Duration timeout) {
        return grpc.awaitSubscribers(service, timeout);
    }

    @Override
    public CompletableFuture<Void> registerPersistent(ServiceKey service, Instance instance) {
        return forPersistent().registerPersistent(service, instance);
    }

    @Override
    public CompletableFuture<Void> deregisterPersistent(ServiceKey service, Instance instance) {
        return forPersistent().deregisterPersistent(service, instance);
    }

    @Override
    public CompletableFuture<Void> subscribe(ServiceKey service) {
        return grpc.subscribe(service);
    }

    @Override
    public CompletableFuture<Void> unsubscribe(ServiceKey service) {
        return grpc.unsubscribe(service);
    }

    @Override
    public CompletableFuture<WireService> query(ServiceKey service) {
        return grpc.query(service);
    }

    @Override
    public CompletableFuture<ServicePage> services(int pageNo, int pageSize, String group) {
        return grpc.services(pageNo, pageSize, group);
    }

    @Override
    public CompletableFuture<Void> withdraw(Object owner) {
        return grpc.withdraw(owner);
    }

    @Override
    public CompletableFuture<Boolean> up() {
        return grpc.up();
    }

    @Override
    public Standing standing(@Nullable Object owner) {
        return grpc.standing(owner);
    }
}
