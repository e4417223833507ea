package io.registry.server.core.operate;

import io.registry.api.error.ErrorCode;
import io.registry.api.error.RegistryException;
import io.registry.api.model.ServiceKey;
import io.registry.distro.DistroChange;
import io.registry.distro.DistroListener;
import io.registry.distro.DistroProtocol;
import io.registry.distro.model.ClientId;
import io.registry.distro.model.DistroRecord;
import io.registry.distro.port.DistroClock;
import io.registry.server.core.client.ClientData;
import io.registry.server.core.client.ClientManager;
import io.registry.server.core.client.ConnectionDetails;
import io.registry.server.core.cluster.ClusterMember;
import io.registry.server.core.cluster.Membership;
import io.registry.server.core.cluster.PeerCalls;
import io.registry.server.core.cluster.PeerCommand;
import io.registry.server.core.cluster.PeerReply;
import io.registry.server.core.cluster.SubscribersSeen;
import io.registry.server.core.loop.Failures;
import io.registry.server.core.loop.RegistryLoop;
import io.registry.server.core.push.PushService;
import io.registry.server.core.push.Seen;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Waits until all who subscribe to a service, on whichever member, know it as a client has left it. A member of which
 * nothing is known, since it could not be asked or has not got the change, counts as one subscriber that does not know.
 *
 * <p>A subscriber that is between two connections when it is asked for is not counted: it is answered with the newest list
 * when it is back, by a member that has the change.
 *
 * <p><b>Threading</b>: from any thread; a listener on the loop.
 */
public final class SubscriberWait implements DistroListener<ServiceKey, ClientData> {

    /** How much later than its own time a member's answer may come: less than clients wait beyond theirs. */
    private static final Duration GRACE = Duration.ofMillis(400);

    private final RegistryLoop loop;
    private final DistroClock clock;
    private final DistroProtocol<ServiceKey, ClientData> distro;
    private final ClientManager clients;
    private final PushService pushes;
    private final Membership membership;
    private final LongCalls calls;
    private final KnownWaits waits;

    /** Makes the operator. */
    public SubscriberWait(
            RegistryLoop loop,
            DistroClock clock,
            DistroProtocol<ServiceKey, ClientData> distro,
            ClientManager clients,
            PushService pushes,
            Membership membership,
            PeerCalls peers) {
        this.loop = loop;
        this.clock = clock;
        this.distro = distro;
        this.clients = clients;
        this.pushes = pushes;
        this.membership = membership;
        this.calls = new LongCalls(loop, clock, peers);
        this.waits = new KnownWaits(loop, distro);
    }

    /**
     * Waits until every client that subscribes to a service now, on any member, has acknowledged it in a state that
     * includes all that a client of this node has written.
     *
     * @param client the client; connected to this node
     * @param timeout when the wait ends at the latest; the answer may come a little later
     */
    public CompletionStage<SubscribersSeen> everywhere(ClientId client, ServiceKey service, Duration timeout) {
        CompletableFuture<SubscribersSeen> result = new CompletableFuture<>();
        return loop.call(() -> {
                    clients.checkConnected(client);
                    CompletableFuture<SubscribersSeen> seen = onThisNode(service, timeout);
                    DistroRecord<ClientData> written = distro.known(client);
                    long told = written == null ? 0 : written.stamp().told();
                    for (ClusterMember member : membership.members()) {
                        if (!member.id().equals(membership.self())) {
                            seen = seen.thenCombine(on(member, service, client, told, timeout), SubscribersSeen::plus);
                        }
                    }
                    pass(seen, result);
                    return true;
                })
                .thenCompose(begun -> result);
    }

    /** Answers what another member asks: how it is with the subscribers of this node. */
    CompletionStage<PeerReply> here(PeerCommand.AwaitSubscribers command) {
        CompletableFuture<SubscribersSeen> seen = new CompletableFuture<>();
        return loop.call(() -> {
                    long until = clock.monotonicMillis() + command.timeout().toMillis();
                    waits.await(command.writer(), command.told(), command.timeout(), known -> {
                        if (known) {
                            long left = Math.max(0, until - clock.monotonicMillis());
                            pass(onThisNode(command.service(), Duration.ofMillis(left)), seen);
                        } else {
                            seen.completeExceptionally(new RegistryException(
                                    ErrorCode.ILLEGAL_STATE,
                                    "the change has not arrived within "
                                            + command.timeout().toMillis() + " ms"));
                        }
                    });
                    return true;
                })
                .thenCompose(begun -> seen)
                .thenApply(PeerReply::of);
    }

    @Override
    public void changed(DistroChange<ServiceKey, ClientData> change) {
        waits.changed(change.client());
    }

    private CompletableFuture<SubscribersSeen> onThisNode(ServiceKey service, Duration timeout) {
        CompletableFuture<SubscribersSeen> seen = new CompletableFuture<>();
        try {
            pushes.awaitSeen(service, timeout, found -> seen.complete(named(found)));
        } catch (RegistryException e) {
            seen.completeExceptionally(e);
        }
        return seen;
    }

    private CompletableFuture<SubscribersSeen> on(
            ClusterMember member, ServiceKey service, ClientId writer, long told, Duration timeout) {
        return calls.ask(
                        member.id(),
                        timeout,
                        GRACE,
                        left -> new PeerCommand.AwaitSubscribers(service, writer, told, left))
                .handle((reply, failure) -> {
                    if (failure != null) {
                        String why = String.valueOf(Failures.cause(failure).getMessage());
                        return SubscribersSeen.unknown("member " + member.http() + ": " + why);
                    }
                    SubscribersSeen seen = reply.seen();
                    return seen == null
                            ? SubscribersSeen.unknown("member " + member.http() + ": no answer to what was asked")
                            : at(member, seen);
                });
    }

    private static SubscribersSeen at(ClusterMember member, SubscribersSeen seen) {
        List<String> names = seen.missing().stream()
                .map(name -> name + " at " + member.http())
                .toList();
        return new SubscribersSeen(seen.subscribers(), seen.missingCount(), names);
    }

    private SubscribersSeen named(Seen seen) {
        List<String> names = new ArrayList<>();
        for (ClientId client : seen.missing()) {
            if (names.size() < SubscribersSeen.NAMED_MAX) {
                names.add(shown(client));
            }
        }
        return new SubscribersSeen(seen.subscribers(), seen.missing().size(), names);
    }

    /** Returns how a client is shown to people: where it is, and its application; its id where it has gone. */
    private String shown(ClientId client) {
        ConnectionDetails details = clients.details(client);
        return details == null
                ? client.value()
                : details.remoteIp() + ":" + details.remotePort() + " " + details.appName();
    }

    private static <T> void pass(CompletableFuture<T> from, CompletableFuture<T> to) {
        var unused = from.whenComplete((value, failure) -> {
            if (failure == null) {
                to.complete(value);
            } else {
                to.completeExceptionally(failure);
            }
        });
    }
}
