package io.registry.spring;

import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.discovery.ReactiveDiscoveryClient;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** The same for reactive applications; what blocks does so on Reactor's elastic threads. */
public final class RegistryReactiveDiscoveryClient implements ReactiveDiscoveryClient {

    private final DiscoveredInstances registry;

    RegistryReactiveDiscoveryClient(DiscoveredInstances registry) {
        this.registry = registry;
    }

    @Override
    public String description() {
        return "registry";
    }

    @Override
    public Flux<ServiceInstance> getInstances(String serviceId) {
        return Flux.defer(() -> Flux.fromIterable(registry.instances(serviceId)))
                .subscribeOn(Schedulers.boundedElastic());
    }

    @Override
    public Flux<String> getServices() {
        return Flux.defer(() -> Flux.fromIterable(registry.services())).subscribeOn(Schedulers.boundedElastic());
    }

    @Override
    public Mono<Void> reactiveProbe() {
        return Mono.<Void>fromRunnable(registry::probe).subscribeOn(Schedulers.boundedElastic());
    }
}
