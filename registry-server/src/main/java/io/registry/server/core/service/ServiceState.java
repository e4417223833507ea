package io.registry.server.core.service;

import io.registry.distro.model.ClientId;
import io.registry.server.core.client.InstanceBytes;
import io.registry.server.core.client.Published;
import io.registry.server.core.persistent.PersistentState;
import org.pcollections.TreePMap;

/**
 * One revision of a service, as one immutable value: whoever holds it can never see two revisions mixed.
 *
 * @param revision rises with every change; also across the services of a node, so that a service that was removed and
 *     came back is never behind its former self
 * @param ephemeral the kind of its instances
 * @param publications what ephemeral clients say about it, by client
 * @param held what was lost and is still shown, by the client that published it: no client that publishes something now,
 *     and no instance that somebody does
 * @param persistent its persistent instances, by {@code ip:port}
 * @param kept what is kept about it in the consistent store
 * @param leftOnPurpose whether the last instance that left was deregistered, in contrast to a lost one
 */
record ServiceState(
        long revision,
        boolean ephemeral,
        TreePMap<ClientId, Published> publications,
        TreePMap<ClientId, Published> held,
        TreePMap<String, InstanceBytes> persistent,
        PersistentState.Service kept,
        boolean leftOnPurpose) {

    /** Returns this at another revision, or at the same where readers see no difference, with other ephemeral instances. */
    ServiceState withEphemeral(
            long revision,
            TreePMap<ClientId, Published> publications,
            TreePMap<ClientId, Published> held,
            boolean leftOnPurpose) {
        return new ServiceState(revision, ephemeral, publications, held, persistent, kept, leftOnPurpose);
    }

    boolean hasInstances() {
        return !publications.isEmpty() || !held.isEmpty() || !persistent.isEmpty();
    }
}
