package io.registry.server.core.operate;

import io.registry.api.model.ServiceKey;
import io.registry.distro.DistroProtocol;
import io.registry.server.core.client.ClientData;
import io.registry.server.core.cluster.ClusterMember;
import io.registry.server.core.cluster.Membership;
import io.registry.server.core.cluster.PeerCalls;
import io.registry.server.core.cluster.PeerCommand;
import io.registry.server.core.cluster.PeerReply;
import io.registry.server.core.cluster.ServiceDigest;
import io.registry.server.core.encoding.PeerCommandCodec;
import io.registry.server.core.encoding.UnknownFormException;
import io.registry.server.core.loop.Failures;
import io.registry.server.core.loop.RegistryLoop;
import io.registry.server.core.service.ServiceManager;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What the nodes have of one service, for operators who want to know whether all have the same. What is on its way between
 * nodes at the moment shows as a difference, so a difference means something only where it lasts.
 *
 * <p><b>Threading</b>: from any thread; never blocks.
 */
public final class ServiceDigests {

    private final RegistryLoop loop;
    private final PublishedRecords records;
    private final Membership membership;
    private final PeerCalls peers;

    /**
     * What another member has answered.
     *
     * @param digest what it has; null where it could not be asked, or has not answered
     * @param problem why there is no digest; empty where there is one
     */
    public record Answered(ClusterMember member, @Nullable ServiceDigest digest, String problem) {}

    /**
     * What all members have.
     *
     * @param here what this node has
     * @param others what each other member has, in the order of their ids
     */
    public record Comparison(ServiceDigest here, List<Answered> others) {

        /** Keeps the answers as they are now. */
        public Comparison {
            others = List.copyOf(others);
        }

        /** Returns whether every member has answered, and has what this node has. */
        public boolean isEqual() {
            return others.stream().allMatch(other -> here.equals(other.digest()));
        }
    }

    /** Makes the operator. */
    public ServiceDigests(
            RegistryLoop loop,
            DistroProtocol<ServiceKey, ClientData> distro,
            ServiceManager services,
            Membership membership,
            PeerCalls peers) {
        this.loop = loop;
        this.records = new PublishedRecords(distro, services);
        this.membership = membership;
        this.peers = peers;
    }

    /** Returns the digest of what this node has; one of nothing where it does not know the service. */
    public CompletableFuture<ServiceDigest> here(ServiceKey service) {
        return loop.call(() -> ServiceDigest.of(service, records.of(service)));
    }

    /** Asks every other member, all at once, and says what each has; answers within {@link PeerCalls#DEADLINE}. */
    public CompletableFuture<Comparison> compare(ServiceKey service) {
        byte[] question = PeerCommandCodec.encode(new PeerCommand.Digest(service));
        List<CompletableFuture<Answered>> answers = membership.members().stream()
                .filter(member -> !member.id().equals(membership.self()))
                .map(member -> peers.ask(member.id(), question, PeerCalls.DEADLINE)
                        .handle((bytes, failure) -> answered(member, bytes, failure)))
                .toList();
        return CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
                .thenCombine(
                        here(service),
                        (all, here) -> new Comparison(
                                here,
                                answers.stream().map(CompletableFuture::join).toList()));
    }

    private static Answered answered(ClusterMember member, byte @Nullable [] bytes, @Nullable Throwable failure) {
        if (bytes == null) {
            String problem = failure == null
                    ? "no answer"
                    : String.valueOf(Failures.cause(failure).getMessage());
            return new Answered(member, null, problem);
        }
        PeerReply reply;
        try {
            reply = PeerCommandCodec.reply(bytes);
        } catch (UnknownFormException e) {
            return new Answered(member, null, "reply: " + e.getMessage());
        }
        if (reply.digest() == null) {
            return new Answered(member, null, reply.refusal() + ": " + reply.message());
        }
        return new Answered(member, reply.digest(), "");
    }
}
