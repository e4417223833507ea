package io.registry.server.core.operate;

import io.registry.api.error.ErrorCode;
import io.registry.api.error.RegistryException;
import io.registry.api.model.ServiceKey;
import io.registry.distro.DistroProtocol;
import io.registry.distro.model.Buckets;
import io.registry.distro.model.ClientId;
import io.registry.server.core.client.ClientData;
import io.registry.server.core.cluster.ClusterMember;
import io.registry.server.core.cluster.Membership;
import io.registry.server.core.cluster.PeerCalls;
import io.registry.server.core.cluster.PeerCommand;
import io.registry.server.core.cluster.ServiceRecords;
import io.registry.server.core.encoding.PeerCommandCodec;
import io.registry.server.core.loop.Failures;
import io.registry.server.core.loop.RegistryLoop;
import io.registry.server.core.operate.ServiceVerification.Told;
import io.registry.server.core.service.ServiceManager;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Looks, for operators, whether all members have the same of one service, record by record, and has them ask the owners
 * again where they have not. What is on its way between nodes at the moment shows as a difference, so a difference means
 * something only where it lasts.
 *
 * <p><b>Threading</b>: from any thread; never blocks.
 */
public final class ServiceRepair {

    /** So many records are looked at, about, of each member; the rest is told as a number of buckets. */
    private static final int LOOKED_AT = 5_000;

    private static final Duration LOOK = Duration.ofMillis(250);

    /** How long a repair is waited for: a bucket is there within a second, unless much else is under way. */
    private static final Duration WAIT = Duration.ofSeconds(4);

    private final RegistryLoop loop;
    private final DistroProtocol<ServiceKey, ClientData> distro;
    private final ServiceManager services;
    private final PublishedRecords records;
    private final Membership membership;
    private final PeerCalls peers;

    /**
     * What came of a repair.
     *
     * @param before what was found
     * @param asked how many members each member has asked again, in the order of their ids; nobody where nothing differed
     * @param after what is found then, at most some seconds later
     */
    public record Repaired(ServiceVerification before, List<Asked> asked, ServiceVerification after) {

        /** Keeps the list as it is now. */
        public Repaired {
            asked = List.copyOf(asked);
        }
    }

    /**
     * A member that was told to ask again.
     *
     * @param owners how many members it has asked
     * @param problem why it has not; empty where it has
     */
    public record Asked(ClusterMember member, int owners, String problem) {}

    /** Makes the operator. */
    public ServiceRepair(
            RegistryLoop loop,
            DistroProtocol<ServiceKey, ClientData> distro,
            ServiceManager services,
            Membership membership,
            PeerCalls peers) {
        this.loop = loop;
        this.distro = distro;
        this.services = services;
        this.records = new PublishedRecords(distro, services);
        this.membership = membership;
        this.peers = peers;
    }

    /**
     * Returns what this node has of a service.
     *
     * @param wanted the buckets whose records are told, besides the sums of all
     */
    public CompletableFuture<ServiceRecords> here(ServiceKey service, Buckets wanted) {
        return loop.call(() -> {
            boolean hidden = !services.hidden(service).isEmpty();
            return ServiceRecords.of(service, hidden, records.of(service), distro::isOrphan, wanted);
        });
    }

    /** Returns the clients that publish in a service and that nobody speaks for, as this node knows it, in order. */
    public CompletableFuture<List<ClientId>> orphans(ServiceKey service) {
        return loop.call(() -> services.publishers(service).keySet().stream()
                .filter(distro::isOrphan)
                .toList());
    }

    /** Has this node ask the others for all that they own in some buckets; returns how many were asked. */
    public CompletableFuture<Integer> askAgain(Buckets buckets) {
        return loop.call(() -> distro.askAgain(buckets).size());
    }

    /** Asks every member what it has of a service, and says in what they differ. */
    public CompletableFuture<ServiceVerification> verify(ServiceKey service) {
        List<Told> nothing = membership.members().stream()
                .sorted(Comparator.comparing(ClusterMember::id))
                .map(member -> new Told(member, null, ""))
                .toList();
        return verify(service, nothing);
    }

    private CompletableFuture<ServiceVerification> verify(ServiceKey service, List<Told> before) {
        return ask(service, before, Buckets.NONE).thenCompose(told -> {
            Buckets differing = ServiceVerification.differing(told);
            if (differing.isEmpty()) {
                return CompletableFuture.completedFuture(ServiceVerification.of(told, Buckets.NONE));
            }
            Buckets looked = some(differing, told);
            return ask(service, told, looked).thenApply(more -> ServiceVerification.of(more, looked));
        });
    }

    /**
     * Has every member ask the owners again for the buckets in which members differ, and says what came of it. May be done
     * at any time, and again.
     *
     * @throws RegistryException {@code ILLEGAL_STATE} where this node stands alone, or is no member
     */
    public CompletableFuture<Repaired> repair(ServiceKey service) {
        if (!membership.includesSelf() || membership.members().size() < 2) {
            throw new RegistryException(
                    ErrorCode.ILLEGAL_STATE,
                    "members of the cluster: " + membership.members().size()
                            + " (expected: at least two, this node among them; there is nobody to ask)");
        }
        return verify(service).thenCompose(before -> {
            if (before.differing().isEmpty()) {
                return CompletableFuture.completedFuture(new Repaired(before, List.of(), before));
            }
            byte[] command = PeerCommandCodec.encode(new PeerCommand.AskAgain(before.differing()));
            List<CompletableFuture<Asked>> asked = before.members().stream()
                    .map(told -> told.problem().isEmpty()
                            ? askAgain(told.member(), before.differing(), command)
                            : CompletableFuture.completedFuture(new Asked(told.member(), 0, told.problem())))
                    .toList();
            return all(asked)
                    .thenCompose(done -> settled(service, before.members(), WAIT.dividedBy(LOOK))
                            .thenApply(after -> new Repaired(before, done, after)));
        });
    }

    private CompletableFuture<Asked> askAgain(ClusterMember member, Buckets buckets, byte[] command) {
        CompletableFuture<Integer> owners = isSelf(member)
                ? askAgain(buckets)
                : peers.ask(member.id(), command, PeerCalls.DEADLINE)
                        .thenApply(bytes -> PeerCommandCodec.carriedOut(bytes).asked());
        return owners.handle((count, failure) ->
                failure == null ? new Asked(member, count, "") : new Asked(member, 0, problem(failure)));
    }

    /** Looks again and again until what differed is equal, and at the end once more. */
    private CompletableFuture<ServiceVerification> settled(ServiceKey service, List<Told> before, long looks) {
        CompletableFuture<Boolean> pause = new CompletableFuture<>();
        loop.after(LOOK, () -> pause.complete(true));
        return pause.thenCompose(due -> ask(service, before, Buckets.NONE)).thenCompose(told -> {
            boolean equal = ServiceVerification.differing(told).isEmpty();
            return equal || looks <= 1 ? verify(service, told) : settled(service, told, looks - 1);
        });
    }

    /** Asks those again that have told something, or were not asked yet. Who has not answered would only be waited for. */
    private CompletableFuture<List<Told>> ask(ServiceKey service, List<Told> before, Buckets wanted) {
        byte[] question = PeerCommandCodec.encode(new PeerCommand.Records(service, wanted));
        return all(before.stream()
                .map(told -> told.problem().isEmpty()
                        ? ask(told.member(), service, wanted, question)
                        : CompletableFuture.completedFuture(told))
                .toList());
    }

    private CompletableFuture<Told> ask(ClusterMember member, ServiceKey service, Buckets wanted, byte[] question) {
        CompletableFuture<@Nullable ServiceRecords> records = isSelf(member)
                ? here(service, wanted).thenApply(found -> found)
                : peers.ask(member.id(), question, PeerCalls.DEADLINE)
                        .thenApply(bytes -> PeerCommandCodec.carriedOut(bytes).records());
        return records.handle((found, failure) -> told(member, found, failure));
    }

    private static Told told(ClusterMember member, @Nullable ServiceRecords records, @Nullable Throwable failure) {
        return failure == null
                ? new Told(member, records, records == null ? "no records in the reply" : "")
                : new Told(member, null, problem(failure));
    }

    private boolean isSelf(ClusterMember member) {
        return member.id().equals(membership.self());
    }

    /** Returns as many of the buckets as have about the number of records that are looked at. */
    private static Buckets some(Buckets differing, List<Told> told) {
        long most = 1;
        for (Told each : told) {
            ServiceRecords records = each.records();
            most = Math.max(most, records == null ? 0 : records.count());
        }
        long buckets = Math.max(1, (long) LOOKED_AT * Buckets.COUNT / most);
        Buckets some = Buckets.NONE;
        for (int bucket = 0; bucket < Buckets.COUNT && some.size() < buckets; bucket++) {
            if (differing.has(bucket)) {
                some = some.with(bucket);
            }
        }
        return some;
    }

    private static String problem(Throwable failure) {
        return String.valueOf(Failures.cause(failure).getMessage());
    }

    private static <T> CompletableFuture<List<T>> all(List<CompletableFuture<T>> each) {
        return CompletableFuture.allOf(each.toArray(CompletableFuture[]::new))
                .thenApply(done -> each.stream().map(CompletableFuture::join).toList());
    }
}
