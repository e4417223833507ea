package io.registry.server.core.service;

import io.registry.distro.model.ClientId;
import io.registry.distro.model.Stamp;
import io.registry.server.core.client.InstanceBytes;
import io.registry.server.core.client.Publication;
import io.registry.server.core.persistent.PersistentState;
import org.pcollections.TreePMap;

/**
 * One revision of a service, as one immutable value: whoever holds it can never see two revisions mixed.
 *
 * @param revision rises with every change; also across the services of a node, so that a service that was removed and
 *     came back is never behind its former self
 * @param ephemeral the kind of its instances
 * @param publications what ephemeral clients say about it, by client
 * @param persistent its persistent instances, by {@code ip:port}
 * @param kept what is kept about it in the consistent store
 * @param leftOnPurpose whether the last instance that left was deregistered, in contrast to a lost one
 */
record ServiceState(
        long revision,
        boolean ephemeral,
        TreePMap<ClientId, Published> publications,
        TreePMap<String, InstanceBytes> persistent,
        PersistentState.Service kept,
        boolean leftOnPurpose) {

    /** What a client says, and when it said so: of two that name the same instance, the greater stamp is shown. */
    record Published(Stamp stamp, Publication publication) {}

    boolean hasInstances() {
        return !publications.isEmpty() || !persistent.isEmpty();
    }
}
