package io.registry.server.core.event;

import io.registry.api.check.Names;
import io.registry.api.model.Instance;
import io.registry.api.model.ServiceKey;
import java.util.List;
import org.jspecify.annotations.Nullable;

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
     * @param came true where it has come
     * @param source who publishes or published it, and why it moved
     */
    record InstanceMoved(ServiceKey service, Instance instance, boolean came, Source source) implements RegistryEvent {}

    /**
     * What is said of an instance has changed: its weight, its health, its metadata.
     *
     * @param service its service
     * @param before what was said
     * @param now what is said, of the same address and cluster
     * @param source who says it, and why
     */
    record InstanceChanged(ServiceKey service, Instance before, Instance now, Source source) implements RegistryEvent {}

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
     * What was lost of a service, and had been shown further, is shown no longer: all of it, or some.
     *
     * @param service which
     * @param gone what goes; empty where all of it has come back
     * @param why in some words for the log
     * @param origin who has deregistered it; null where nobody has, or another node was asked
     */
    record LossLetGo(
            ServiceKey service,
            List<Instance> gone,
            String why,
            @Nullable Origin origin) implements RegistryEvent {}

    /**
     * What operators have set about the instances of a service has changed; the service need not be there.
     *
     * @param service which
     */
    record OverridesChanged(ServiceKey service) implements RegistryEvent {}

    /**
     * What operators had set about the instances of a service, and was shown, is shown no longer.
     *
     * @param service which
     * @param scope for whom it held, in a word
     * @param ip the IP of the instance, or the empty string where it held for the whole service
     * @param port its port, or 0
     * @param cluster its cluster, or the empty string
     * @param why in a word for the log
     */
    record OverrideEnded(ServiceKey service, String scope, String ip, int port, String cluster, String why)
            implements RegistryEvent {}

    /**
     * What was asked of this node as an operator does has been done.
     *
     * @param origin who asked
     * @param action what, such as {@code PUT /v3/admin/ns/override}
     * @param service the service that it was about; null where it was about none, or more than one
     * @param ip the instance's IP, or the empty string
     * @param port the instance's port, or 0
     * @param detail what was said, without secrets; may be cut off
     */
    record Operated(Origin origin, String action, @Nullable ServiceKey service, String ip, int port, String detail)
            implements RegistryEvent {

        /** Leaves out names that no service has. */
        public Operated {
            service = possible(service);
        }
    }

    /**
     * What was asked of this node was refused, since whoever asked may not.
     *
     * @param origin who asked; the user is the name that was given, whether or not it is of anybody
     * @param action what, such as {@code POST /v1/ns/instance} or {@code InstanceRequest}
     * @param service the service that it was about; null where it was about none that there could be, or
     *     that was not looked at
     * @param reason why, without secrets
     */
    record Refused(Origin origin, String action, @Nullable ServiceKey service, String reason) implements RegistryEvent {

        /** Leaves out names that no service has: whoever is refused may send any, and they are kept for a while. */
        public Refused {
            service = possible(service);
        }
    }

    private static @Nullable ServiceKey possible(@Nullable ServiceKey service) {
        boolean tooLong = service != null
                && (service.namespace().length() > Names.NAMESPACE_MAX
                        || service.group().length() > Names.GROUP_MAX
                        || service.name().length() > Names.SERVICE_MAX);
        return tooLong ? null : service;
    }
}
