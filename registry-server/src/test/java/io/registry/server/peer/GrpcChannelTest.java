package io.registry.server.peer;

import static io.registry.server.peer.DistroTransportContract.PATIENCE;
import static io.registry.server.peer.DistroTransportContract.awaitHearing;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.registry.server.peer.PeerFixture.TestNode;
import io.registry.server.testkit.Await;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** With whom the cluster port speaks, and what strangers cost it. */
class GrpcChannelTest extends PeerChannelContract {

    private static final MethodDescriptor<byte[], byte[]> STREAM = MethodDescriptor.newBuilder(new Bytes(), new Bytes())
            .setType(MethodDescriptor.MethodType.BIDI_STREAMING)
            .setFullMethodName("registry.Peer/stream")
            .build();

    private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    GrpcChannelTest() {
        super(PeerFixture.Over.GRPC);
    }

    @Test
    void nobodyWaitsForAStrangerThatSaysNothing() throws IOException {
        TestNode one = fixture.start(fixture.config("one", 1));
        List<Socket> silent = new ArrayList<>();
        try {
            for (int i = 0; i < PeerFixture.LIMITS.sockets() - 2; i++) {
                silent.add(connect(one));
            }

            for (Socket socket : silent) {
                socket.setSoTimeout((int) PATIENCE.toMillis());
                while (socket.getInputStream().read() >= 0) {
                    // What the port says before it hangs up.
                }
            }
        } finally {
            for (Socket socket : silent) {
                socket.close();
            }
        }
    }

    @Test
    void moreSocketsThanTheBoundAreClosedAtOnce() throws IOException {
        TestNode one = fixture.start(fixture.config("one", 1));
        List<Socket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < PeerFixture.LIMITS.sockets() * 3; i++) {
                sockets.add(connect(one));
            }

            Await.until("refusals", PATIENCE, () -> one.channel.refusals().sum() >= PeerFixture.LIMITS.sockets());
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
    }

    /** A message of a stranger is not kept until it is complete. */
    @Test
    void aLongMessageOfAStrangerIsCutOff() throws InterruptedException {
        TestNode one = fixture.start(fixture.config("one", 1));
        ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", one.port())
                .usePlaintext()
                .build();
        try {
            CompletableFuture<Status> end = new CompletableFuture<>();
            ClientCall<byte[], byte[]> call = channel.newCall(STREAM, CallOptions.DEFAULT);
            call.start(
                    new ClientCall.Listener<>() {
                        @Override
                        public void onClose(Status status, Metadata trailers) {
                            end.complete(status);
                        }
                    },
                    new Metadata());

            call.sendMessage(new byte[PeerFixture.LIMITS.frameBytesMax() / 2]);

            assertThat(end.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                            .join()
                            .getCode())
                    .as("not read to its end, and then refused")
                    .isIn(Status.Code.RESOURCE_EXHAUSTED, Status.Code.CANCELLED);
        } finally {
            channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
        }
    }

    /** Nonsense of any kind ends its own connection and nothing else. */
    @Test
    void nonsenseDoesNoHarm() throws IOException {
        TestNode one = fixture.start(fixture.config("one", 1));
        TestNode two = fixture.start(fixture.config("two", 1));
        awaitHearing(two, one);
        Random random = new Random(1);

        for (int i = 0; i < 20; i++) {
            byte[] nonsense = new byte[1 + random.nextInt(20_000)];
            random.nextBytes(nonsense);
            try (Socket socket = connect(one)) {
                OutputStream out = socket.getOutputStream();
                if (i % 2 == 0) {
                    out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                }
                out.write(nonsense);
                out.flush();
            } catch (IOException e) {
                // The port has hung up already.
            }
        }

        awaitHearing(two, one);
    }

    private static Socket connect(TestNode node) throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), node.port());
    }
}
