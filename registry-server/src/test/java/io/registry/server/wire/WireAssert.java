package io.registry.server.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.registry.server.testkit.Message;
import java.nio.channels.ClosedChannelException;

/** What is asserted of many answers. */
final class WireAssert {

    private WireAssert() {}

    /** The answer is of the type and a success; returns it. */
    static Message ok(String type, Message answer) {
        assertThat(answer.type()).as(answer.toString()).isEqualTo(type);
        assertThat(answer.resultCode()).as(answer.toString()).isEqualTo(200);
        return answer;
    }

    /** The answer is of the type and refuses with the code; returns it. */
    static Message refused(String type, int errorCode, Message answer) {
        assertThat(answer.type()).as(answer.toString()).isEqualTo(type);
        assertThat(answer.resultCode()).as(answer.toString()).isNotEqualTo(200);
        assertThat(answer.errorCode()).as(answer.toString()).isEqualTo(errorCode);
        assertThat(answer.text("message")).as(answer.toString()).isNotEmpty();
        return answer;
    }

    /**
     * Returns whether a call has failed because its transport has ended, with no word from the server. Most often gRPC
     * says UNAVAILABLE; but a call that meets a socket which is closed already, before gRPC itself has taken note, fails
     * with UNKNOWN and the exception of that socket. What a server sends never carries an exception, so an UNKNOWN of the
     * server is told from this one.
     */
    static boolean isEndOfTransport(Status status) {
        return status.getCode() == Status.Code.UNAVAILABLE
                || (status.getCode() == Status.Code.UNKNOWN && status.getCause() instanceof ClosedChannelException);
    }
}
