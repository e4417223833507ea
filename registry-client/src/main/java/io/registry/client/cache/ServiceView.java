package io.registry.client.cache;

import io.registry.api.model.Instance;
import io.registry.api.model.ServiceInfo;
import io.registry.api.select.WeightedChoice;
import io.registry.proto.payload.HostList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a service at one moment.
 *
 * <p><b>Threading</b>: immutable, but for the choice, which is prepared by the first thread that asks. Should two ask at
 * once, both prepare the same, and one is forgotten.
 */
public final class ServiceView {

    private final ServiceInfo info;
    private final HostList hosts;
    private final @Nullable Object source;
    private volatile @Nullable WeightedChoice choice;

    ServiceView(ServiceInfo info, HostList hosts, @Nullable Object source, @Nullable WeightedChoice choice) {
        this.info = info;
        this.hosts = hosts;
        this.source = source;
        this.choice = choice;
    }

    /** Returns the service. */
    public ServiceInfo info() {
        return info;
    }

    /** Returns its instances; unmodifiable. */
    public List<Instance> instances() {
        return hosts.instances();
    }

    /** Returns whether a server told this, in contrast to a file of an earlier time. */
    public boolean fromServer() {
        return source != null;
    }

    /** Returns the choice among all usable instances. */
    public WeightedChoice choice() {
        WeightedChoice prepared = choice;
        if (prepared == null) {
            prepared = WeightedChoice.among(hosts.instances());
            choice = prepared;
        }
        return prepared;
    }

    HostList hosts() {
        return hosts;
    }

    @Nullable
    Object source() {
        return source;
    }

    @Nullable
    WeightedChoice choiceIfPrepared() {
        return choice;
    }
}
