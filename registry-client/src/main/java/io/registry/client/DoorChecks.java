package io.registry.client;

import io.registry.api.check.Names;
import io.registry.api.error.ErrorCode;
import io.registry.api.error.RegistryException;
import io.registry.api.model.Instance;
import io.registry.api.model.InstanceKey;
import io.registry.api.model.ServiceKey;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What an application may ask for at all. */
final class DoorChecks {

    private DoorChecks() {}

    static ServiceKey service(String namespace, String serviceName, String groupName) {
        String name = serviceName;
        String group = groupName;
        int separator = serviceName.indexOf(ServiceKey.SEPARATOR);
        if (separator > 0) {
            group = serviceName.substring(0, separator);
            name = serviceName.substring(separator + ServiceKey.SEPARATOR.length());
        }
        if (name.isBlank()) {
            throw new RegistryException(ErrorCode.MISSING_PARAMETER, "Param 'serviceName' is required.");
        }
        refuse(Names.formatService(name));
        return new ServiceKey(namespace, group(group), name);
    }

    static String group(String groupName) {
        refuse(Names.formatGroup(groupName));
        return groupName.isBlank() ? ServiceKey.DEFAULT_GROUP : groupName;
    }

    static Instance instance(Instance instance) {
        if (instance.ip().isBlank()) {
            throw new RegistryException(ErrorCode.MISSING_PARAMETER, "Param 'ip' is required.");
        }
        refuse(Names.formatIp(instance.ip()));
        refuse(Names.formatPort(instance.port()));
        refuse(Names.formatCluster(instance.cluster()));
        refuse(Names.formatMetadata(instance.metadata()));
        Names.checkInstance(instance.weight(), instance.cluster(), instance.metadata());
        return instance.cluster().isBlank() ? instance.withCluster(Instance.DEFAULT_CLUSTER) : instance;
    }

    static List<Instance> batch(List<Instance> instances) {
        if (instances.isEmpty()) {
            throw new RegistryException(
                    ErrorCode.INVALID_PARAMETER, "instances: none (expected: at least one; to remove all, deregister)");
        }
        Set<InstanceKey> seen = new HashSet<>();
        return instances.stream()
                .map(instance -> {
                    Instance checked = instance(instance);
                    if (!checked.ephemeral()) {
                        throw new RegistryException(
                                ErrorCode.INVALID_PARAMETER,
                                "ephemeral: false of " + checked.address() + " (expected: true in a batch)");
                    }
                    if (!seen.add(checked.key())) {
                        throw new RegistryException(
                                ErrorCode.INVALID_PARAMETER,
                                "instances: " + checked.key() + " twice (expected: each address once in a cluster)");
                    }
                    return checked;
                })
                .toList();
    }

    static void pattern(String name, String value) {
        if (value.isBlank() || value.contains(">>") || value.contains(ServiceKey.SEPARATOR)) {
            throw ClientOptions.invalid(name, value, "a name, or one with * at its start, its end, or alone");
        }
    }

    static void page(int pageNo, int pageSize) {
        if (pageNo < 1) {
            throw ClientOptions.invalid("pageNo", Integer.toString(pageNo), "at least 1");
        }
        if (pageSize < 1) {
            throw ClientOptions.invalid("pageSize", Integer.toString(pageSize), "at least 1");
        }
    }

    static void timeout(String name, Duration value, Duration max) {
        if (value.isNegative() || value.compareTo(max) > 0) {
            throw ClientOptions.invalid(name, value.toString(), "0 s to " + max.toSeconds() + " s");
        }
    }

    private static void refuse(@Nullable String problem) {
        if (problem != null) {
            throw new RegistryException(ErrorCode.INVALID_PARAMETER, problem);
        }
    }
}
