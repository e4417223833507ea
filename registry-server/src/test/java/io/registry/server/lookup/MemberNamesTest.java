package io.registry.server.lookup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Names that lead to the members. */
class MemberNamesTest {

    private static final String NAME = "_registry._tcp.example.test";

    private final ExecutorService thread = Executors.newSingleThreadExecutor();
    private volatile List<String> records = List.of();
    private DatagramSocket server;

    @BeforeEach
    void open() throws IOException {
        server = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        thread.execute(this::serve);
    }

    @AfterEach
    void close() {
        server.close();
        thread.shutdownNow();
    }

    @Test
    void allAddressesOfAHostWithOnePort() {
        MemberNames lookup = new MemberNames("localhost", 8848, 3, MemberNames.SYSTEM);

        assertThat(lookup.addresses()).contains("127.0.0.1:8848").allMatch(address -> address.endsWith(":8848"));
        assertThat(lookup.foundingSize()).isEqualTo(3);
    }

    @Test
    void aNameThatDoesNotExistLeadsNowhere() {
        MemberNames lookup = new MemberNames("no-such-host.invalid", 8848, 3, MemberNames.SYSTEM);

        assertThat(lookup.addresses()).isEmpty();
        assertThat(lookup.errors()).isEqualTo(1);
    }

    @Test
    void serviceRecordsHaveHostsAndPorts() {
        records = List.of("8848 n1.example.test", "8850 n2.example.test");

        assertThat(services().addresses()).containsExactly("n1.example.test:8848", "n2.example.test:8850");
    }

    @Test
    void whatWasFoundHoldsWhileTheNameIsNotResolved() {
        MemberNames lookup = services();
        records = List.of("8848 n1.example.test");
        assertThat(lookup.addresses()).containsExactly("n1.example.test:8848");

        records = List.of();

        assertThat(lookup.addresses()).containsExactly("n1.example.test:8848");
        assertThat(lookup.errors()).isEqualTo(1);
    }

    private MemberNames services() {
        return new MemberNames(NAME, 0, 2, "dns://127.0.0.1:" + server.getLocalPort());
    }

    private void serve() {
        byte[] buffer = new byte[512];
        while (!server.isClosed()) {
            try {
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                server.receive(packet);
                byte[] answer = answer(packet.getData(), packet.getLength());
                server.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
            } catch (IOException e) {
                if (!server.isClosed()) {
                    throw new IllegalStateException(e);
                }
            }
        }
    }

    /** Answers any question with the service records: the smallest name server (RFC 1035, RFC 2782). */
    private byte[] answer(byte[] query, int length) throws IOException {
        int end = 12;
        while (query[end] != 0) {
            end += query[end] + 1;
        }
        end += 5;
        assertThat(end).isLessThanOrEqualTo(length);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.write(query, 0, 2);
        // An authoritative answer; to a name without records, that there is no such name.
        out.writeShort(records.isEmpty() ? 0x8583 : 0x8580);
        out.writeShort(1);
        out.writeShort(records.size());
        out.writeInt(0);
        out.write(query, 12, end - 12);
        for (String record : records) {
            String[] parts = record.split(" ", -1);
            ByteArrayOutputStream target = new ByteArrayOutputStream();
            for (String label : parts[1].split("\\.", -1)) {
                target.write(label.length());
                target.write(label.getBytes(StandardCharsets.US_ASCII));
            }
            target.write(0);
            out.writeShort(0xC00C);
            out.writeShort(33);
            out.writeShort(1);
            out.writeInt(1);
            out.writeShort(6 + target.size());
            out.writeShort(0);
            out.writeShort(0);
            out.writeShort(Integer.parseInt(parts[0]));
            target.writeTo(out);
        }
        return bytes.toByteArray();
    }
}
