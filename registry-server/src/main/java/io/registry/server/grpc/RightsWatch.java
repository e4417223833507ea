package io.registry.server.grpc;

import io.grpc.Status;
import io.registry.api.model.ServiceKey;
import io.registry.distro.port.DistroTimer;
import io.registry.server.core.access.AccessPolicy;
import io.registry.server.core.access.Principal;
import io.registry.server.core.access.Resource;
import io.registry.server.core.access.Rule;
import io.registry.server.core.account.Accounts;
import io.registry.server.core.event.RegistryEvent;
import io.registry.server.core.operate.ConnectionOperator;
import io.registry.server.core.operate.Held;
import io.registry.server.core.push.FuzzyPattern;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends connections whose user is gone, or has lost the right to something that goes on for them: instances, subscriptions
 * and watches last as long as their connection, and are not asked for again. The client may come again with what it still
 * may. Another password, and a token that ends, end no connection: that would take down what runs.
 *
 * <p>Costs one comparison per round, and one look at what each connection holds after a change of the accounts.
 *
 * <p><b>Threading</b>: rounds run where the timer runs them, one at a time.
 */
final class RightsWatch {

    private static final Logger LOG = LoggerFactory.getLogger(RightsWatch.class);

    private final Duration every;
    private final ConnectionManager manager;
    private final ConnectionOperator operator;
    private final Door door;
    private final DistroTimer timer;
    private @Nullable Accounts seen;
    private volatile boolean stopped;

    RightsWatch(Duration every, ConnectionManager manager, ConnectionOperator operator, Door door, DistroTimer timer) {
        this.every = every;
        this.manager = manager;
        this.operator = operator;
        this.door = door;
        this.timer = timer;
    }

    /** Begins to look. */
    void start() {
        timer.after(every, this::round);
    }

    /** Looks no more. */
    void stop() {
        stopped = true;
    }

    // The same accounts are the same object until something about them changes.
    @SuppressWarnings("ReferenceEquality")
    private void round() {
        if (stopped) {
            return;
        }
        AccessPolicy policy = door.policy();
        Accounts now = policy.accounts();
        if (now != seen && policy.clientsAreAsked()) {
            for (Connection connection : manager.all()) {
                Principal user = connection.user();
                if (user.isKnown() && connection.registered()) {
                    look(connection, user);
                }
            }
        }
        seen = now;
        timer.after(every, this::round);
    }

    private void look(Connection connection, Principal user) {
        var unused = operator.held(connection.client()).thenAccept(held -> {
            Loss loss = loss(user, held);
            if (loss != null && connection.registered()) {
                LOG.info(
                        "connection ended, its user may no longer do what it does: user={} client={} {} {}",
                        user.name(),
                        connection.client(),
                        loss.what(),
                        loss.about());
                door.refusals()
                        .accept(new RegistryEvent.Refused(
                                connection.origin().as(user.name()),
                                loss.what(),
                                loss.service(),
                                AccessPolicy.NOT_ALLOWED));
                manager.evict(connection, Status.PERMISSION_DENIED.withDescription(AccessPolicy.NOT_ALLOWED));
            }
        });
    }

    /** What somebody has lost the right to; the service is null where it is a pattern. */
    private record Loss(
            String what, Resource about, @Nullable ServiceKey service) {}

    private @Nullable Loss loss(Principal user, Held held) {
        AccessPolicy policy = door.policy();
        for (ServiceKey service : held.published()) {
            if (!policy.allows(user, Rule.REGISTER, Resource.of(service))) {
                return new Loss("instances", Resource.of(service), service);
            }
        }
        for (ServiceKey service : held.subscribed()) {
            if (!policy.allows(user, Rule.DISCOVER, Resource.of(service))) {
                return new Loss("subscription", Resource.of(service), service);
            }
        }
        for (FuzzyPattern pattern : held.watched()) {
            Resource about = PayloadAccess.resource(pattern);
            if (!policy.allows(user, Rule.DISCOVER, about)) {
                return new Loss("watch", about, null);
            }
        }
        return null;
    }
}
