package io.registry.server.sim;

import io.registry.api.model.ServiceKey;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Whether all nodes show the truth, every consumer was last told it, and nothing is left over on a node of those who have
 * gone.
 */
final class NamingAgreement {

    private final NamingWorld world;

    NamingAgreement(NamingWorld world) {
        this.world = world;
    }

    /** Returns what a node shows of a service: the version of each instance by its address. */
    static Map<String, String> shown(NodeProcess process, ServiceKey service) {
        return Said.shown(process.core().foundation().services().viewOrAbsent(service));
    }

    /** Returns what is not as it should be in the end; null where nothing is. */
    @Nullable
    String objection() {
        Map<ServiceKey, Map<String, String>> truth = new LinkedHashMap<>();
        world.services().forEach(service -> truth.put(service, new TreeMap<>()));
        String problem = truth(truth);
        for (NamingNode node : world.memberNodes()) {
            problem = problem == null ? ofNode(node, truth) : problem;
        }
        for (SdkModel client : world.sdks()) {
            problem = problem == null && client.isAlive() ? ofConsumer(client, truth) : problem;
        }
        for (NodeProcess process : world.processes()) {
            problem = problem == null ? leftOver(process) : problem;
        }
        return problem == null ? ofBeats() : problem;
    }

    /** Puts down what is so; returns what clients have still to say. */
    private @Nullable String truth(Map<ServiceKey, Map<String, String>> truth) {
        for (SdkModel client : world.sdks()) {
            if (client.isAlive()) {
                if (!client.hasSaidAll()) {
                    return client.name() + " has not said all";
                }
                client.published()
                        .forEach((service, version) -> of(truth, service).put(client.address(), version));
            }
        }
        for (BeaterModel client : world.beaters()) {
            if (client.isAlive()) {
                if (!client.isSettled()) {
                    return client.name() + " has not registered";
                }
                String shown = client.isContentLost() ? world.contentOnAnyNode(client) : null;
                of(truth, client.service()).put(client.address(), shown == null ? client.version() : shown);
            }
        }
        return null;
    }

    private static Map<String, String> of(Map<ServiceKey, Map<String, String>> truth, ServiceKey service) {
        return truth.computeIfAbsent(service, key -> new TreeMap<>());
    }

    private @Nullable String ofNode(NamingNode node, Map<ServiceKey, Map<String, String>> truth) {
        NodeProcess process = node.process();
        if (process == null || !process.isReady() || process.isDraining()) {
            return node.id() + " does not serve";
        }
        for (Map.Entry<ServiceKey, Map<String, String>> each : truth.entrySet()) {
            Map<String, String> shown = shown(process, each.getKey());
            if (!shown.equals(each.getValue())) {
                return node.id() + " shows of " + each.getKey().name() + " " + shown + " (expected: " + each.getValue()
                        + ")";
            }
        }
        return null;
    }

    private @Nullable String leftOver(NodeProcess process) {
        int links = process.links().size();
        int clients = process.core().clients().connections().size();
        long used = world.sdks().stream()
                .filter(client -> client.link() != null && process.holds(client.link()))
                .count();
        if (links != used || clients != used) {
            return process.id() + " has " + links + " links and knows " + clients + " clients (expected: " + used + ")";
        }
        long subscriptions = world.sdks().stream()
                .filter(client -> client.link() != null && process.holds(client.link()))
                .mapToLong(client -> client.subscribed().size())
                .sum();
        if (process.core().pushes().slots() != subscriptions) {
            return process.id() + " knows " + process.core().pushes().slots() + " subscriptions (expected: "
                    + subscriptions + ")";
        }
        int outstanding = process.core().pushes().outstanding();
        return outstanding == 0 ? null : process.id() + " waits for " + outstanding + " acknowledgements";
    }

    private static @Nullable String ofConsumer(SdkModel client, Map<ServiceKey, Map<String, String>> truth) {
        for (ServiceKey service : client.subscribed()) {
            Said told = client.told(service);
            if (told == null || !told.instances().equals(of(truth, service))) {
                return client.name() + " was last told of " + service.name() + " " + told + " (expected: "
                        + of(truth, service) + ")";
            }
        }
        return null;
    }

    /** Each instance that beats is timed by one node. */
    private @Nullable String ofBeats() {
        long alive = world.beaters().stream().filter(BeaterModel::isAlive).count();
        long timed = world.processes().stream()
                .mapToLong(process -> process.core().foundation().beats().size())
                .sum();
        return alive == timed ? null : "the nodes time the beats of " + timed + " instances (expected: " + alive + ")";
    }
}
