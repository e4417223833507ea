package io.registry.server.raft;

import io.registry.api.error.ErrorCode;
import io.registry.api.error.RegistryException;
import java.io.IOException;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.exceptions.LeaderNotReadyException;
import org.apache.ratis.protocol.exceptions.LeaderSteppingDownException;
import org.apache.ratis.protocol.exceptions.NotLeaderException;
import org.apache.ratis.protocol.exceptions.ResourceUnavailableException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a caller is told whose change did not get into the log. */
final class Refusal {

    private static final Logger LOG = LoggerFactory.getLogger(RaftLog.class);

    private static final String NOT_TAKEN =
            "no leader: a majority of the members does not answer; persistent writes are taken when it does, all else"
                    + " goes on";

    private Refusal() {}

    /** Returns where an entry was kept, and throws the refusal where it was not. */
    static @Nullable Void unlessDone(@Nullable RaftClientReply reply, @Nullable Throwable failure) {
        if (reply != null && reply.isSuccess()) {
            return null;
        }
        throw of(reply == null ? failure : reply.getException());
    }

    /** Returns the refusal for what Ratis says. */
    static RegistryException of(@Nullable Throwable failure) {
        Throwable cause = root(failure == null ? new IOException("no answer") : failure);
        LOG.debug("a proposal failed", cause);
        if (cause instanceof NotLeaderException
                || cause instanceof LeaderNotReadyException
                || cause instanceof LeaderSteppingDownException) {
            return noLeader();
        }
        if (cause instanceof ResourceUnavailableException) {
            return new RegistryException(
                    ErrorCode.OVERLOADED, "too many changes wait for the log (expected: fewer; try again later)");
        }
        return new RegistryException(
                ErrorCode.STORAGE,
                "the log could not keep the change, which may still come about: " + cause.getMessage());
    }

    /** Returns the refusal where nobody leads: the change was not taken. */
    static RegistryException noLeader() {
        return new RegistryException(ErrorCode.NO_LEADER, NOT_TAKEN);
    }

    /** Returns whether a refusal is {@link #noLeader()}, and not that nobody has answered. */
    static boolean isNotTaken(RegistryException refusal) {
        return refusal.code() == ErrorCode.NO_LEADER && NOT_TAKEN.equals(refusal.getMessage());
    }

    /** Returns the refusal where nobody has answered in time: the change may have been taken. */
    static RegistryException unknown() {
        return new RegistryException(
                ErrorCode.NO_LEADER,
                "no leader: a majority of the members has not answered in time; the change may still come about");
    }

    static Throwable root(Throwable failure) {
        Throwable cause = failure;
        while (!(cause instanceof UnusableLogException) && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }
}
