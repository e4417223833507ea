package io.registry.spring;

import io.registry.api.NamingService;
import io.registry.api.model.Instance;
import io.registry.api.model.ServicePage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.cloud.client.DefaultServiceInstance;
import org.springframework.cloud.client.ServiceInstance;

/**
 * What the registry knows, in the words of Spring Cloud. A service that was asked for is followed from then on, so that
 * further questions are answered from memory.
 *
 * <p><b>Threading</b>: any thread; the first question about a service, and each for the services, blocks.
 */
final class DiscoveredInstances {

    /** The metadata that say {@code https}. */
    static final String SECURE = "secure";

    static final String WEIGHT = "registry.weight";
    static final String CLUSTER = "registry.cluster";

    private static final int PAGE = 500;

    private final NamingService naming;
    private final String group;

    DiscoveredInstances(NamingService naming, String group) {
        this.naming = naming;
        this.group = group;
    }

    List<ServiceInstance> instances(String service) {
        List<ServiceInstance> found = new ArrayList<>();
        for (Instance instance : naming.selectInstances(service, group, true)) {
            found.add(shown(service, instance));
        }
        return found;
    }

    List<String> services() {
        List<String> found = new ArrayList<>();
        ServicePage page;
        int number = 1;
        do {
            page = naming.getServicesOfServer(number++, PAGE, group);
            found.addAll(page.names());
        } while (page.names().size() == PAGE);
        return found;
    }

    /** Fails where no server is reached. */
    void probe() {
        naming.getServicesOfServer(1, 1, group);
    }

    private static ServiceInstance shown(String service, Instance instance) {
        Map<String, String> metadata = new LinkedHashMap<>(instance.metadata());
        metadata.put(WEIGHT, Double.toString(instance.weight()));
        metadata.put(CLUSTER, instance.cluster());
        return new DefaultServiceInstance(
                instance.id().isEmpty() ? instance.address() : instance.id(),
                service,
                instance.ip(),
                instance.port(),
                Boolean.parseBoolean(instance.metadata().get(SECURE)),
                metadata);
    }
}
