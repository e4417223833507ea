package io.registry.server.core.service;

import io.registry.distro.model.ClientId;
import io.registry.server.core.client.InstanceBytes;
import io.registry.server.core.client.Published;
import io.registry.server.core.persistent.PersistentState;
import io.registry.server.core.persistent.ServiceMetadata;
import org.pcollections.TreePMap;

/**
 * One revision of a service, as one immutable value: whoever holds it can never see two revisions mixed.
 *
 * @param revision rises with every change; also across the services of a node, so that a service that was removed and
 *     came back is never behind its former self
 * @param ephemeral the kind of its instances; those of the other kind are not shown
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
        boolean kind = kind(kept, publications, ephemeral);
        return new ServiceState(revision, kind, publications, held, persistent, kept, leftOnPurpose);
    }

    /**
     * Returns the kind of a service: true for ephemeral. What is kept about it counts before what clients publish, so that
     * nodes which know both agree, in whatever order they learnt of them.
     *
     * @param before what it was, which it stays where nothing says anything
     */
    static boolean kind(PersistentState.Service kept, TreePMap<ClientId, Published> publications, boolean before) {
        if (!kept.instances().isEmpty()) {
            return false;
        }
        ServiceMetadata metadata = kept.metadata();
        return metadata == null ? before || !publications.isEmpty() : metadata.ephemeral();
    }

    /** Returns whether instances are shown. */
    boolean hasInstances() {
        return ephemeral ? !publications.isEmpty() || !held.isEmpty() : !persistent.isEmpty();
    }

    /** Returns whether there is nothing of which anybody would have to be told any more, hidden or shown. */
    boolean isBare() {
        return publications.isEmpty() && held.isEmpty() && persistent.isEmpty();
    }

    /** Returns what ephemeral clients publish and nobody is shown, since the service is persistent. */
    TreePMap<ClientId, Published> hidden() {
        return ephemeral ? TreePMap.empty() : publications;
    }
}
