package io.registry.server.core.persistent;

import io.registry.api.model.Instance;
import io.registry.api.model.ServiceKey;
import io.registry.server.core.account.Accounts;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.pcollections.TreePMap;

/**
 * All persistent state, as one immutable value: readers hold it as long as they like.
 *
 * @param services what is kept about each service, in the order of the keys
 * @param namespaces the namespaces that operators have named, by id; {@code public} needs no naming
 * @param switches what was set, by entry; what was never set is absent
 * @param accounts who may log in, who may do what, and what signs their tokens
 */
public record PersistentState(
        TreePMap<ServiceKey, Service> services,
        TreePMap<String, Namespace> namespaces,
        TreePMap<String, String> switches,
        Accounts accounts) {

    /** Nothing is kept. */
    public static final PersistentState EMPTY =
            new PersistentState(TreePMap.empty(), TreePMap.empty(), TreePMap.empty(), Accounts.NONE);

    /**
     * What is kept about one service.
     *
     * @param metadata what an operator says about it, or null
     * @param instances its persistent instances, by {@code ip:port}
     * @param clusters what an operator says about its clusters, by name
     * @param overrides what an operator has set about its instances
     */
    public record Service(
            @Nullable ServiceMetadata metadata,
            TreePMap<String, Instance> instances,
            TreePMap<String, ClusterConfig> clusters,
            TreePMap<OverrideTarget, InstanceOverride> overrides) {

        /** Nothing is kept. */
        public static final Service EMPTY = new Service(null, TreePMap.empty(), TreePMap.empty(), TreePMap.empty());

        /** Returns whether nothing is kept. */
        public boolean isEmpty() {
            return metadata == null && instances.isEmpty() && clusters.isEmpty() && overrides.isEmpty();
        }

        /** Returns this with other instances. */
        public Service withInstances(TreePMap<String, Instance> newInstances) {
            return new Service(metadata, newInstances, clusters, overrides);
        }

        /** Returns this with other overrides. */
        public Service withOverrides(TreePMap<OverrideTarget, InstanceOverride> newOverrides) {
            return new Service(metadata, instances, clusters, newOverrides);
        }

        /** Returns this without the overrides whose end has come at a time; itself where there are none. */
        public Service at(long wallMillis) {
            TreePMap<OverrideTarget, InstanceOverride> left = overrides;
            for (Map.Entry<OverrideTarget, InstanceOverride> each : overrides.entrySet()) {
                if (each.getValue().isOver(wallMillis)) {
                    left = left.minus(each.getKey());
                }
            }
            return left.size() == overrides.size() ? this : withOverrides(left);
        }

        /**
         * Returns an instance as consumers shall see it: what is set about the service is laid over it, then what is set
         * about its address, then what is set about its present incarnation. The narrower word wins.
         */
        public Instance shown(Instance registered) {
            if (overrides.isEmpty()) {
                return registered;
            }
            Instance shown = laid(OverrideTarget.WHOLE_SERVICE, registered);
            shown = laid(OverrideTarget.address(registered.ip(), registered.port()), shown);
            return laid(OverrideTarget.incarnation(registered.key()), shown);
        }

        private Instance laid(OverrideTarget target, Instance under) {
            InstanceOverride override = overrides.get(target);
            return override == null ? under : override.over(under);
        }
    }

    /** Returns this with other services. */
    PersistentState withServices(TreePMap<ServiceKey, Service> newServices) {
        return new PersistentState(newServices, namespaces, switches, accounts);
    }

    /** Returns this with other namespaces. */
    PersistentState withNamespaces(TreePMap<String, Namespace> newNamespaces) {
        return new PersistentState(services, newNamespaces, switches, accounts);
    }

    /** Returns this with other switches. */
    PersistentState withSwitches(TreePMap<String, String> newSwitches) {
        return new PersistentState(services, namespaces, newSwitches, accounts);
    }

    /** Returns this without the keys that sign tokens. */
    public PersistentState withoutKeys() {
        return withAccounts(accounts.withoutKeys());
    }

    /** Returns this with other accounts. */
    PersistentState withAccounts(Accounts newAccounts) {
        return new PersistentState(services, namespaces, switches, newAccounts);
    }

    /** Returns what is kept about a service; {@link Service#EMPTY} where nothing is. */
    public Service service(ServiceKey key) {
        Service service = services.get(key);
        return service == null ? Service.EMPTY : service;
    }

    /** Returns a copy that keeps its order: Map.copyOf would iterate differently in each process. */
    static Map<String, String> ordered(Map<String, String> map) {
        return map.isEmpty() ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(map));
    }
}
