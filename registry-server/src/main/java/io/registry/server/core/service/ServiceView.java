package io.registry.server.core.service;

import io.registry.api.model.Instance;
import io.registry.api.model.InstanceKey;
import io.registry.api.model.ServiceKey;
import io.registry.distro.model.ClientId;
import io.registry.distro.model.Stamp;
import io.registry.server.core.client.InstanceBytes;
import io.registry.server.core.client.Published;
import io.registry.server.core.persistent.ClusterConfig;
import io.registry.server.core.persistent.PersistentState;
import io.registry.server.core.persistent.ServiceMetadata;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.pcollections.TreePMap;

/**
 * The immutable picture of one service at one revision. Its revision is fixed by the write that made it; the picture
 * itself is put together when somebody first asks for it, and shared from then on.
 *
 * <p><b>Threading</b>: from any thread.
 */
public final class ServiceView {

    /** How many filters keep their payload: more than the clusters of any sane service. Others are made each time. */
    private static final int FILTERS_MAX = 64;

    private final ServiceKey key;
    private final ServiceState state;
    private final Map<String, ServicePayload> payloads = new ConcurrentHashMap<>(2);
    private volatile @Nullable List<InstanceBytes> instances;
    private volatile @Nullable ServicePayload whole;

    ServiceView(ServiceKey key, ServiceState state) {
        this.key = key;
        this.state = state;
    }

    /** Returns the view of a service that is not there: no instances, revision 0. */
    public static ServiceView absent(ServiceKey key) {
        return new ServiceView(
                key,
                new ServiceState(
                        0,
                        true,
                        TreePMap.empty(),
                        TreePMap.empty(),
                        TreePMap.empty(),
                        PersistentState.Service.EMPTY,
                        false));
    }

    /** Returns which service this is. */
    public ServiceKey key() {
        return key;
    }

    /** Returns the revision of which this is the picture. */
    public long revision() {
        return state.revision();
    }

    /** Returns whether its instances are ephemeral; else they are persistent. */
    public boolean ephemeral() {
        return state.ephemeral();
    }

    /** Returns what an operator says about the service, or null where nobody has said anything. */
    public @Nullable ServiceMetadata metadata() {
        return state.kept().metadata();
    }

    /** Returns what an operator says about a cluster; the default where nobody has said anything. */
    public ClusterConfig cluster(String name) {
        ClusterConfig config = state.kept().clusters().get(name);
        return config == null ? ClusterConfig.DEFAULT : config;
    }

    /** Returns all instances as consumers see them, operators' settings laid over; the disabled ones too. */
    public List<Instance> instances() {
        List<InstanceBytes> all = all();
        List<Instance> list = new ArrayList<>(all.size());
        for (InstanceBytes instance : all) {
            list.add(instance.instance());
        }
        return list;
    }

    /** Returns an instance of this service as consumers see it: with what operators have set laid over it. */
    public Instance shown(Instance registered) {
        return state.kept().shown(registered);
    }

    /** Returns how many instances there are, the disabled ones too. */
    public int size() {
        return all().size();
    }

    /** Returns whether there are instances; cheaper than counting them. */
    public boolean hasInstances() {
        return state.hasInstances();
    }

    /** Returns an instance as consumers see it, or null. */
    public @Nullable Instance instance(String ip, int port, String cluster) {
        for (InstanceBytes candidate : all()) {
            Instance instance = candidate.instance();
            if (instance.port() == port
                    && instance.ip().equals(ip)
                    && instance.cluster().equals(cluster)) {
                return instance;
            }
        }
        return null;
    }

    /**
     * Returns what a consumer is shown: the enabled instances of the wanted clusters.
     *
     * @param clusters names separated by commas; empty for all
     * @param healthyOnly leave out the unhealthy ones
     */
    public ServicePayload payload(String clusters, boolean healthyOnly) {
        if (clusters.isEmpty() && !healthyOnly) {
            ServicePayload shared = whole;
            if (shared == null) {
                shared = made(clusters, false);
                whole = shared;
            }
            return shared;
        }
        String filter = healthyOnly ? clusters + "\n" : clusters;
        ServicePayload shared = payloads.get(filter);
        if (shared == null) {
            shared = made(clusters, healthyOnly);
            if (payloads.size() < FILTERS_MAX) {
                payloads.put(filter, shared);
            }
        }
        return shared;
    }

    private ServicePayload made(String clusters, boolean healthyOnly) {
        List<String> wanted = clusters.isEmpty() ? List.of() : List.of(clusters.split(",", -1));
        List<InstanceBytes> chosen = new ArrayList<>();
        int healthy = 0;
        for (InstanceBytes candidate : all()) {
            Instance instance = candidate.instance();
            if (!instance.enabled()
                    || (healthyOnly && !instance.healthy())
                    || (!wanted.isEmpty() && !wanted.contains(instance.cluster()))) {
                continue;
            }
            chosen.add(candidate);
            healthy += instance.healthy() ? 1 : 0;
        }
        ServiceMetadata metadata = metadata();
        // Of float precision, as clients of this protocol know it; a service nobody has described is not protected.
        boolean protect = metadata != null
                && !chosen.isEmpty()
                && (float) healthy / chosen.size() <= Math.max(0, metadata.protectThreshold());
        if (protect) {
            chosen.replaceAll(instance -> InstanceBytes.of(instance.instance().withHealthy(true), key));
        }
        boolean onPurpose = chosen.isEmpty() && (state.hasInstances() || state.leftOnPurpose());
        return new ServicePayload(new Shown(revision(), Collections.unmodifiableList(chosen)), protect, onPurpose);
    }

    private List<InstanceBytes> all() {
        List<InstanceBytes> made = instances;
        if (made == null) {
            made = Collections.unmodifiableList(collect());
            instances = made;
        }
        return made;
    }

    private List<InstanceBytes> collect() {
        List<InstanceBytes> all;
        if (!state.ephemeral()) {
            // Of a name that has both kinds, after the cluster was divided, the persistent one counts.
            all = new ArrayList<>(state.persistent().values());
        } else if (state.publications().size() == 1 && state.held().isEmpty()) {
            all = new ArrayList<>(
                    state.publications().firstEntry().getValue().publication().instances());
        } else {
            all = newest();
        }
        if (!state.kept().overrides().isEmpty()) {
            all.replaceAll(this::overridden);
        }
        return all;
    }

    /** Two clients may name the same instance, an old connection and its successor: the newer word counts. */
    private List<InstanceBytes> newest() {
        record Candidate(Stamp stamp, InstanceBytes instance) {}
        Map<InstanceKey, Candidate> newest = new LinkedHashMap<>();
        // What is held stands where it stood, so that a list which shows the same is the same.
        TreePMap<ClientId, Published> shown = state.held().plusAll(state.publications());
        for (Published published : shown.values()) {
            for (InstanceBytes instance : published.publication().instances()) {
                newest.merge(
                        instance.instance().key(),
                        new Candidate(published.stamp(), instance),
                        (a, b) -> a.stamp().compareTo(b.stamp()) >= 0 ? a : b);
            }
        }
        List<InstanceBytes> all = new ArrayList<>(newest.size());
        newest.values().forEach(candidate -> all.add(candidate.instance()));
        return all;
    }

    private InstanceBytes overridden(InstanceBytes registered) {
        Instance shown = shown(registered.instance());
        return shown.equals(registered.instance()) ? registered : InstanceBytes.of(shown, key);
    }
}
