package io.registry.server.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.registry.server.testkit.Message;
import io.registry.server.testkit.RegistryProcess;
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

    /** Ephemeral instances are registered, found and pushed, whatever becomes of what has to be kept. */
    static void ephemeralTrafficGoesOn(RegistryProcess server) {
        try (Naming client = Naming.on(server.port());
                Naming consumer = Naming.on(server.port())) {
            assertThat(consumer.subscribe("fleeting").addresses()).isEmpty();
            ok("InstanceResponse", client.register("fleeting", "10.0.0.1", 1));
            assertThat(client.query("fleeting").addresses()).containsExactly("10.0.0.1:1");
            consumer.pushes()
                    .await(
                            "the new instance",
                            push -> push.type().equals("NotifySubscriberRequest")
                                    && push.addresses().contains("10.0.0.1:1"));
        }
    }
}
