package io.registry.server.core.operate;

import io.registry.api.error.ErrorCode;
import io.registry.api.error.RegistryException;
import io.registry.server.core.service.ServiceManager;

/**
 * What this node takes in at the most.
 *
 * @param services how many services
 * @param instances how many instances, the same one counted once for each of its publishers
 * @param batch how many instances one batch may have
 */
public record NodeLimits(int services, int instances, int batch) {

    /** Refuses what would exceed the limits. */
    void check(ServiceManager manager, boolean newService, int newInstances) {
        if (newService && manager.serviceCount() >= services) {
            throw new RegistryException(
                    ErrorCode.OVER_LIMIT,
                    "services of this node: " + manager.serviceCount() + " (expected: fewer than " + services
                            + " to add one)");
        }
        if (newInstances > 0 && manager.instanceCount() + newInstances > instances) {
            throw new RegistryException(
                    ErrorCode.OVER_LIMIT,
                    "instances of this node: " + manager.instanceCount() + " and " + newInstances
                            + " more (expected: at most " + instances + ")");
        }
    }
}
