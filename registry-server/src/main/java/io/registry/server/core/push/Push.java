package io.registry.server.core.push;

import io.registry.server.core.service.ServiceAnswer;
import io.registry.server.core.service.ServiceDelta;
import java.util.List;

/** Something that a subscriber is told. */
public sealed interface Push {

    /** Returns the number by which the acknowledgement names this push; unique on this node. */
    long id();

    /**
     * The newest state of a service.
     *
     * @param id the number of the push
     * @param answer the state
     */
    record Service(long id, ServiceAnswer answer) implements Push {}

    /**
     * What has changed in a service since the last push of it to the same subscriber, through the same filter.
     *
     * @param id the number of the push
     * @param delta from what the subscriber was told last
     * @param answer the instances that are new or changed
     */
    record Change(long id, ServiceDelta delta, ServiceAnswer answer) implements Push {}

    /**
     * Services that match a fuzzy watch.
     *
     * @param id the number of the push
     * @param pattern the pattern as the client gave it
     * @param type what kind of synchronisation this is, in the protocol's word
     * @param services full names of services
     * @param total how many batches there are
     * @param current which of them this is, from 1
     */
    record FuzzySync(long id, String pattern, String type, List<String> services, int total, int current)
            implements Push {}

    /**
     * A service that matches a fuzzy watch has come or gone.
     *
     * @param id the number of the push
     * @param service the full name of the service
     * @param added true where it has come
     */
    record FuzzyChange(long id, String service, boolean added) implements Push {}
}
