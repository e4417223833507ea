package io.registry.server.core.operate;

import io.registry.api.error.ErrorCode;
import io.registry.api.error.RegistryException;
import io.registry.api.model.Instance;
import io.registry.api.model.ServiceKey;
import io.registry.distro.DistroProtocol;
import io.registry.distro.model.ClientId;
import io.registry.server.core.client.BeatIds;
import io.registry.server.core.client.ClientData;
import io.registry.server.core.client.ClientManager;
import io.registry.server.core.client.ConnectionDetails;
import io.registry.server.core.client.InstanceBytes;
import io.registry.server.core.event.Origin;
import io.registry.server.core.loop.RegistryLoop;
import io.registry.server.core.push.FuzzyPattern;
import io.registry.server.core.push.FuzzyWatch;
import io.registry.server.core.push.PushService;
import io.registry.server.core.push.Pusher;
import io.registry.server.core.service.ReferenceTime;
import io.registry.server.core.service.ServiceAnswer;
import io.registry.server.core.service.ServiceManager;
import io.registry.server.core.service.ServicePayload;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * What a client on a connection may do.
 *
 * <p><b>Threading</b>: from any thread. A stage completes after the turn that did the work; where nothing else is under
 * way, that is before the call returns.
 *
 * <p><b>Errors</b>: a stage fails with a {@link RegistryException}, and nothing has changed then.
 */
public final class ConnectionOperator {

    private final RegistryLoop loop;
    private final ClientManager clients;
    private final ServiceManager services;
    private final DistroProtocol<ServiceKey, ClientData> distro;
    private final EphemeralOperator ephemeral;
    private final PushService pushes;
    private final FuzzyWatch watches;
    private final ReferenceTime time;
    private final InstanceAcceptance acceptance;
    private final NodeLimits limits;

    ConnectionOperator(
            RegistryLoop loop,
            ClientManager clients,
            ServiceManager services,
            DistroProtocol<ServiceKey, ClientData> distro,
            EphemeralOperator ephemeral,
            PushService pushes,
            FuzzyWatch watches,
            ReferenceTime time,
            InstanceAcceptance acceptance,
            NodeLimits limits) {
        this.loop = loop;
        this.clients = clients;
        this.services = services;
        this.distro = distro;
        this.ephemeral = ephemeral;
        this.pushes = pushes;
        this.watches = watches;
        this.time = time;
        this.acceptance = acceptance;
        this.limits = limits;
    }

    /** Takes in a connection. A fact: never refused. */
    public void connected(ClientId client, ConnectionDetails details, Pusher pusher) {
        loop.post(() -> {
            clients.connected(client, details);
            pushes.attach(client, pusher);
        });
    }

    /**
     * Takes in that a connection has ended; no effect the second time. A fact: never refused.
     *
     * @param drained whether we asked it to go elsewhere: what it published stays a little, since it registers there
     *     only some seconds later
     */
    public void gone(ClientId client, boolean drained) {
        loop.post(() -> {
            if (!clients.gone(client)) {
                return;
            }
            pushes.detach(client);
            watches.detach(client);
            if (distro.record(client) == null) {
                return;
            }
            if (drained) {
                distro.drained(client);
            } else if (ephemeral.data(client).publications().isEmpty()) {
                // It had said that all is gone, which other nodes may hear of only now.
                distro.withdraw(client);
            } else {
                distro.disconnected(client);
            }
        });
    }

    /** Returns what goes on for a connection; nothing where there is none. */
    public CompletionStage<Held> held(ClientId client) {
        return loop.call(() -> new Held(
                distro.record(client) == null
                        ? Set.of()
                        : Set.copyOf(ephemeral.data(client).publications().keySet()),
                Set.copyOf(pushes.subscriptions(client).keySet()),
                watches.patterns(client)));
    }

    /**
     * Registers one instance; it replaces whatever this connection published about the service.
     *
     * @param origin who asks, for the record
     * @param instance its id may be empty, and is made then
     */
    public CompletionStage<@Nullable Void> register(
            Origin origin, ClientId client, ServiceKey service, Instance instance) {
        return publish(origin, client, service, List.of(instance));
    }

    /** Registers a batch, which replaces whatever this connection published about the service; it may be empty. */
    public CompletionStage<@Nullable Void> registerBatch(
            Origin origin, ClientId client, ServiceKey service, List<Instance> instances) {
        if (instances.size() > limits.batch()) {
            throw new RegistryException(
                    ErrorCode.INVALID_PARAMETER,
                    "instances: " + instances.size() + " (expected: at most " + limits.batch() + ")");
        }
        return publish(origin, client, service, instances);
    }

    /** Removes whatever this connection published about the service; no effect where that is nothing. */
    public CompletionStage<@Nullable Void> deregister(Origin origin, ClientId client, ServiceKey service) {
        return publish(origin, client, service, List.of());
    }

    /**
     * Removes whatever this connection published about the service, and what an earlier connection had published of the
     * address that the client names: where that was lost and is still shown, the client has now said that it is gone.
     */
    public CompletionStage<@Nullable Void> deregister(
            Origin origin, ClientId client, ServiceKey service, String ip, int port) {
        return loop.call(() -> {
            clients.checkConnected(client);
            ephemeral.publish(origin, client, service, List.of());
            if (services.isLost(service, ip, port)) {
                // In the way in which all nodes learn of it.
                ephemeral.withdraw(origin, BeatIds.of(service, ip, port));
            }
            return null;
        });
    }

    private CompletionStage<@Nullable Void> publish(
            Origin origin, ClientId client, ServiceKey service, List<Instance> instances) {
        List<InstanceBytes> encoded = new ArrayList<>(instances.size());
        for (Instance instance : instances) {
            encoded.add(InstanceBytes.of(acceptance.accept(instance, service), service));
        }
        return loop.call(() -> {
            clients.checkConnected(client);
            ephemeral.publish(origin, client, service, encoded);
            return null;
        });
    }

    /** Subscribes, and answers with the state as of now. */
    public CompletionStage<ServiceAnswer> subscribe(ClientId client, ServiceKey service, String clusters) {
        return loop.call(() -> pushes.subscribe(client, service, clusters));
    }

    /** Ends a subscription; no effect where there is none. */
    public CompletionStage<@Nullable Void> unsubscribe(ClientId client, ServiceKey service, String clusters) {
        return loop.call(() -> {
            pushes.unsubscribe(client, service, clusters);
            return null;
        });
    }

    /** Answers what a service looks like now. Never waits. */
    public ServiceAnswer query(ClientId client, ServiceKey service, String clusters, boolean healthyOnly) {
        pushes.answering(client, service);
        ServicePayload payload = services.viewOrAbsent(service).payload(clusters, healthyOnly);
        pushes.answered(client, service, payload.revision());
        return new ServiceAnswer(service, clusters, payload, time.now());
    }

    /**
     * Begins or renews a watch of which services exist.
     *
     * @param initial whether the client knows nothing yet
     * @param known the full names that the client knows
     * @return how many services match; above {@link FuzzyWatch#MATCHES_MAX} the client is to be told so
     */
    public CompletionStage<Integer> watch(
            ClientId client, FuzzyPattern pattern, boolean initial, Collection<String> known) {
        return loop.call(() -> {
            clients.checkConnected(client);
            watches.watch(client, pattern, initial, known);
            return watches.matching(pattern);
        });
    }

    /** Ends a watch; no effect where there is none. */
    public CompletionStage<@Nullable Void> cancelWatch(ClientId client, FuzzyPattern pattern) {
        return loop.call(() -> {
            watches.cancel(client, pattern);
            return null;
        });
    }

    /** Takes in an acknowledgement; an unknown number is ignored. A fact: never refused. */
    public void acknowledged(ClientId client, long push, boolean success) {
        loop.post(() -> pushes.acknowledged(client, push, success));
    }

    /** Takes in that a connection takes more again. A fact: never refused. */
    public void ready(ClientId client) {
        loop.post(() -> {
            pushes.ready(client);
            watches.ready(client);
        });
    }
}
