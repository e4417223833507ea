package io.registry.server.sim;

import io.registry.api.model.Instance;
import io.registry.distro.model.Sum;
import io.registry.server.core.client.InstanceBytes;
import io.registry.server.core.service.ServiceAnswer;
import io.registry.server.core.service.ServiceView;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What was said about a service: the content by address.
 *
 * @param revision of the service, on the node that said it; 0 where it was not there
 * @param lastRefTime when it was said
 * @param instances the version of each instance by its address, with a mark where it is unhealthy
 */
record Said(long revision, long lastRefTime, Map<String, String> instances) {

    private static final String VERSION = "version";
    private static final String UNHEALTHY = "!";

    /** Returns an instance of an address with some content. */
    static Instance instance(String ip, int port, String version) {
        return new Instance("", ip, port, 1, true, true, true, "DEFAULT", Map.of(VERSION, version));
    }

    static Said of(ServiceAnswer answer) {
        List<InstanceBytes> shown = answer.payload().shown().instances();
        return new Said(
                answer.payload().revision(),
                answer.lastRefTime(),
                versions(shown.stream().map(InstanceBytes::instance).toList()));
    }

    /** Returns what a view shows, as it would be said. */
    static Map<String, String> shown(ServiceView view) {
        return versions(view.instances());
    }

    private static Map<String, String> versions(List<Instance> shown) {
        Map<String, String> versions = new TreeMap<>();
        for (Instance instance : shown) {
            String mark = instance.healthy() ? "" : UNHEALTHY;
            versions.put(instance.address(), instance.metadata().get(VERSION) + mark);
        }
        return versions;
    }

    /** Returns a number of this, the same in every process. */
    long sum() {
        return Sum.of(Sum.of(instances.toString()), Sum.of(revision, lastRefTime));
    }
}
