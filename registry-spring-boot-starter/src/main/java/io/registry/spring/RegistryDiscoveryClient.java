package io.registry.spring;

import java.util.List;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.discovery.DiscoveryClient;

/** Spring Cloud's view of the registry: healthy, enabled instances of the client's group. */
public final class RegistryDiscoveryClient implements DiscoveryClient {

    private final DiscoveredInstances registry;

    RegistryDiscoveryClient(DiscoveredInstances registry) {
        this.registry = registry;
    }

    @Override
    public String description() {
        return "registry";
    }

    @Override
    public List<ServiceInstance> getInstances(String serviceId) {
        return registry.instances(serviceId);
    }

    @Override
    public List<String> getServices() {
        return registry.services();
    }

    @Override
    public void probe() {
        registry.probe();
    }
}
