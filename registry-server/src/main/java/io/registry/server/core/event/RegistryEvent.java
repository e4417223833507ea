package io.registry.server.core.event;

import io.registry.api.model.Instance;
import io.registry.api.model.ServiceKey;
import io.registry.distro.model.ClientId;
import java.util.List;

/** A fact that has happened on this node. The state has changed, and is visible, before the event is published. */
public sealed interface RegistryEvent {

    /**
     * A service has a new revision.
     *
     * @param service which
     * @param revision its revision now
     */
    record ServiceChanged(ServiceKey service, long revision) implements RegistryEvent {}

    /**
     * A service has its first publication, or has lost its last.
     *
     * @param service which
     * @param present whether it has instances now
     */
    record ServicePresence(ServiceKey service, boolean present) implements RegistryEvent {}

    /**
     * An instance has come, or has gone.
     *
     * @param service its service
     * @param instance the instance
     * @param client who publishes or published it
     * @param came true where it has come
     * @param cause why, in a word for the log
     */
    record InstanceMoved(ServiceKey service, Instance instance, ClientId client, boolean came, String cause)
            implements RegistryEvent {}

    /**
     * So much of a service was lost at once that what was lost is still shown.
     *
     * @param service which
     * @param lost how many instances are shown that nobody publishes any more
     * @param living how many are published
     * @param addresses from how many addresses the lost ones are
     * @param cause how the last of them was lost, in a word for the log
     */
    record LossHeld(ServiceKey service, int lost, int living, int addresses, String cause) implements RegistryEvent {}

    /**
     * What was lost of a service, and had been shown further, is shown no longer.
     *
     * @param service which
     * @param gone what goes; empty where all of it has come back
     * @param why in some words for the log
     */
    record LossLetGo(ServiceKey service, List<Instance> gone, String why) implements RegistryEvent {}

    /**
     * What operators have set about the instances of a service has changed; the service need not be there.
     *
     * @param service which
     */
    record OverridesChanged(ServiceKey service) implements RegistryEvent {}
}
