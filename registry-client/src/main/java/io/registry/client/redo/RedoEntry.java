package io.registry.client.redo;

import io.registry.client.grpc.GrpcConnection;
import io.registry.proto.envelope.Envelope;
import io.registry.proto.payload.RequestPayload;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One thing that the application wants of a server: what it publishes for a service, a subscription, a watch.
 *
 * <p>Each change of what is wanted is a version. The server has acknowledged a version, or none, on some connection; what
 * was acknowledged on another connection than the one in use counts for nothing.
 *
 * <p><b>Threading</b>: for the client loop.
 */
public abstract class RedoEntry {

    private record Waiter(long version, CompletableFuture<Void> future) {}

    private final List<Waiter> waiters = new ArrayList<>();

    /** What the entries are kept by; null before they have this one. */
    @Nullable
    Object key;

    long wanted;
    long acknowledged = -1;
    long sentVersion = -1;
    boolean inFlight;

    /** The connection on which {@link #acknowledged} was; null before the first. */
    @Nullable
    GrpcConnection acknowledgedOn;

    /** The connection on which something was asked last, so that the server may hold something of it. */
    @Nullable
    GrpcConnection sentOn;

    /** The connection on which {@link #refusedVersion} was refused. */
    @Nullable
    GrpcConnection refusedOn;

    long refusedVersion = -1;
    private @Nullable String refusal;

    /** Returns what this is about, for logs and the status. */
    public abstract String subject();

    /** Returns what has to come first on a new connection, the lower the earlier. */
    abstract int order();

    /** Returns whether nothing is wanted any more. */
    abstract boolean unwanted();

    /** Returns the request that makes the server's state what is wanted now. */
    abstract RequestPayload request();

    /** Takes the answer to the last {@link #request()}. */
    abstract void accepted(GrpcConnection connection, Envelope answer);

    /** Wants again what was acknowledged last, because what was wanted since has been refused. */
    abstract void revert();

    /** Returns why the server refuses this; null where it does not. */
    public final @Nullable String refusal() {
        return refusal;
    }

    final void refuse(@Nullable String text) {
        refusal = text;
    }

    /** Says that something else is wanted from now on. */
    final void changed() {
        wanted++;
    }

    /** Returns whether a connection has all that is wanted. */
    public final boolean satisfied(@Nullable GrpcConnection connection) {
        return connection != null && acknowledgedOn == connection && acknowledged == wanted;
    }

    /** Returns what is completed when the version wanted now is acknowledged. */
    final CompletableFuture<Void> await() {
        waiters.removeIf(waiter -> waiter.future.isDone());
        CompletableFuture<Void> future = new CompletableFuture<>();
        waiters.add(new Waiter(wanted, future));
        return future;
    }

    /** Takes out, and returns, those who still wait for a version up to this one. */
    final List<CompletableFuture<Void>> take(long version) {
        List<CompletableFuture<Void>> taken = new ArrayList<>();
        waiters.removeIf(waiter -> {
            boolean due = waiter.version <= version;
            if (due && !waiter.future.isDone()) {
                taken.add(waiter.future);
            }
            return due;
        });
        return taken;
    }
}
