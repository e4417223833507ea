package io.registry.server.core.balance;

import io.registry.api.error.ErrorCode;
import io.registry.api.error.RegistryException;
import io.registry.server.core.client.ClientManager;
import io.registry.server.core.cluster.ClusterMember;
import io.registry.server.core.cluster.MemberLoad;
import io.registry.server.core.cluster.Membership;
import io.registry.server.core.cluster.PeerCalls;
import io.registry.server.core.cluster.PeerCommand;
import io.registry.server.core.cluster.PeerReply;
import io.registry.server.core.encoding.PeerCommandCodec;
import io.registry.server.core.loop.Failures;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How busy the members are.
 *
 * <p><b>Threading</b>: from any thread; never blocks.
 */
public final class Loads {

    private final Membership membership;
    private final PeerCalls peers;
    private final ClientManager clients;
    private final BooleanSupplier serving;
    private final DoubleSupplier systemLoad;
    private final DoubleSupplier cpu;

    /**
     * A member and what it has answered.
     *
     * @param load how busy it is; null where it could not be asked, or has not answered
     * @param problem why it is not known; empty where it is
     */
    public record Known(ClusterMember member, @Nullable MemberLoad load, String problem) {

        /** Returns whether the member has answered that clients may come to it. */
        boolean isServing() {
            return load != null && load.serving();
        }

        /** Returns how many clients it has; 0 where that is not known. */
        public int clients() {
            return load == null ? 0 : load.clients();
        }
    }

    /**
     * Makes a view of the members.
     *
     * @param serving whether clients may come to this node
     * @param systemLoad the load average of this machine; negative where it is not known
     * @param cpu how much of this machine's CPU time is in use, 0 to 1; negative where that is not known
     */
    public Loads(
            Membership membership,
            PeerCalls peers,
            ClientManager clients,
            BooleanSupplier serving,
            DoubleSupplier systemLoad,
            DoubleSupplier cpu) {
        this.membership = membership;
        this.peers = peers;
        this.clients = clients;
        this.serving = serving;
        this.systemLoad = systemLoad;
        this.cpu = cpu;
    }

    /** Returns how busy this node is. */
    public MemberLoad here() {
        return new MemberLoad(
                serving.getAsBoolean(), clients.connections().size(), systemLoad.getAsDouble(), cpu.getAsDouble());
    }

    /**
     * Asks every other member, all at once.
     *
     * @param within how long to wait for their answers
     * @return all members, this one included, in the order of their ids; never failed
     */
    public CompletableFuture<List<Known>> everywhere(Duration within) {
        byte[] question = PeerCommandCodec.encode(new PeerCommand.Load());
        List<CompletableFuture<Known>> answers = membership.members().stream()
                .map(member -> member.id().equals(membership.self())
                        ? CompletableFuture.completedFuture(new Known(member, here(), ""))
                        : ask(member, question, within))
                .toList();
        return CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
                .thenApply(all -> answers.stream().map(CompletableFuture::join).toList());
    }

    /**
     * Asks a member to move clients away, down to a number.
     *
     * @return how busy it is; it fails where the member could not be asked
     */
    public CompletableFuture<MemberLoad> shed(ClusterMember member, int keep) {
        byte[] question = PeerCommandCodec.encode(new PeerCommand.Shed(keep));
        return peers.ask(member.id(), question, PeerCalls.DEADLINE).thenApply(Loads::load);
    }

    private CompletableFuture<Known> ask(ClusterMember member, byte[] question, Duration within) {
        return peers.ask(member.id(), question, within).thenApply(Loads::load).handle((load, failure) -> {
            if (failure == null) {
                return new Known(member, load, "");
            }
            return new Known(
                    member, null, String.valueOf(Failures.cause(failure).getMessage()));
        });
    }

    private static MemberLoad load(byte[] bytes) {
        PeerReply reply = PeerCommandCodec.carriedOut(bytes);
        MemberLoad load = reply.load();
        if (load == null) {
            throw new RegistryException(ErrorCode.UNREACHABLE, "reply: without a load (expected: with one)");
        }
        return load;
    }
}
