package io.registry.server.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.registry.server.testkit.Await;
import io.registry.server.testkit.RegistryCluster;
import io.registry.server.testkit.RegistryProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Strangers at the two ports that members have for each other, of a real cluster. Whatever they say, and however many they
 * are: every connection is closed, none is told anything of the cluster, nothing of it stays, and the members go on.
 * {@code -Dregistry.fuzz.seed=} runs from a seed, {@code -Dregistry.fuzz.seeds=} sets how many the long form takes.
 */
class MemberPortsFuzzIT {

    private static final int CALLS_PER_SEED = 300;
    private static final int SILENT = 200;
    private static final int READ_MILLIS_MAX = 20_000;
    private static final long HEAP_GROWTH_BYTES_MAX = 24L * 1024 * 1024;
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final int RAFT_OFFSET = -1000;
    private static final int CLUSTER_OFFSET = 1001;

    private static final String RAFT_MARK = "registry-raft-1\n";
    private static final int RAFT_NONCE_BYTES = 16;
    private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

    private static RegistryCluster cluster;

    private final HttpClient http = HttpClient.newHttpClient();
    private int registered;

    @BeforeAll
    static void start() {
        cluster = RegistryCluster.start(3);
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @Test
    void s08AndS09StrangersGetNothing() throws Exception {
        run(Long.getLong("registry.fuzz.seed", 1), 1);
    }

    @Test
    @Tag("long")
    void strangersGetNothingForLong() throws Exception {
        run(Long.getLong("registry.fuzz.seed", 1000), Integer.getInteger("registry.fuzz.seeds", 20));
    }

    @Test
    @Tag("long")
    void strangersThatSayNothingAreClosedAndKeepNobodyOut() throws Exception {
        for (int port : List.of(raftPort(), clusterPort())) {
            List<RawConnection> silent = new ArrayList<>();
            try {
                for (int i = 0; i < SILENT; i++) {
                    silent.add(RawConnection.open(port, READ_MILLIS_MAX));
                }
                membersGoOn();
                for (RawConnection connection : silent) {
                    assertThat(connection.isClosedByServer()).isTrue();
                }
            } finally {
                for (RawConnection connection : silent) {
                    connection.close();
                }
            }
        }
        membersGoOn();
    }

    private void run(long firstSeed, int seeds) throws Exception {
        // Once without counting: what is loaded and kept for good is there afterwards.
        send(new Random(firstSeed));
        long before = node().heapAfterCollection();
        for (long seed = firstSeed; seed < firstSeed + seeds; seed++) {
            send(new Random(seed));
            membersGoOn();
            assertThat(logOfTrouble()).as("log after seed " + seed).isEmpty();
        }
        assertThat(node().heapAfterCollection() - before)
                .as("growth of the heap after %s seeds from %s", seeds, firstSeed)
                .isLessThan(HEAP_GROWTH_BYTES_MAX);
    }

    private void send(Random random) throws IOException {
        for (int i = 0; i < CALLS_PER_SEED; i++) {
            boolean raft = random.nextBoolean();
            byte[] words = raft ? toRaft(random) : toCluster(random);
            try (RawConnection connection = RawConnection.open(raft ? raftPort() : clusterPort(), READ_MILLIS_MAX)) {
                connection.send(words);
                connection.endOutput();
                byte[] heard = connection.receiveBytes();
                if (raft) {
                    assertThat(heard.length)
                            .as("bytes of the Raft port in answer to %s", shown(words))
                            .isIn(0, RAFT_MARK.length() + RAFT_NONCE_BYTES);
                } else {
                    assertThat(new String(heard, StandardCharsets.ISO_8859_1))
                            .as("answer of the cluster port to %s", shown(words))
                            .doesNotContain(
                                    "io.registry", "Exception", cluster.node(1).address());
                }
            }
        }
    }

    private static byte[] toRaft(Random random) {
        return switch (random.nextInt(5)) {
            case 0 -> anything(random);
            case 1 -> joined(RAFT_MARK, anything(random));
            case 2 -> joined("registry-raft-" + random.nextInt(10) + "\n", anything(random));
            case 3 -> joined(RAFT_MARK, bytes(random, RAFT_NONCE_BYTES + 32), frame(random));
            default -> joined(RAFT_MARK.substring(random.nextInt(RAFT_MARK.length())), anything(random));
        };
    }

    /** A frame of the Raft port, of a length that may be any. */
    private static byte[] frame(Random random) {
        int length = random.nextBoolean() ? random.nextInt() : random.nextInt(100);
        return joined(
                "",
                ByteBuffer.allocate(5)
                        .putInt(length)
                        .put((byte) random.nextInt())
                        .array(),
                anything(random));
    }

    private static byte[] toCluster(Random random) {
        return switch (random.nextInt(5)) {
            case 0 -> anything(random);
            case 1 -> joined(PREFACE, anything(random));
            case 2 -> joined(PREFACE, http2Frame(random, 4), http2Frame(random, random.nextInt(12)));
            case 3 -> joined("PUT /nacos/v1/ns/distro/datum HTTP/1.1\r\nHost: x\r\n\r\n", anything(random));
            default -> joined(PREFACE, http2Frame(random, 4), http2Frame(random, 1), http2Frame(random, 0));
        };
    }

    /** A frame of HTTP/2 whose length is true more often than not. */
    private static byte[] http2Frame(Random random, int type) {
        byte[] content = anything(random);
        int length = random.nextInt(4) == 0 ? random.nextInt(1 << 24) : content.length;
        ByteBuffer head = ByteBuffer.allocate(9)
                .put((byte) (length >> 16))
                .put((byte) (length >> 8))
                .put((byte) length)
                .put((byte) type)
                .put((byte) random.nextInt())
                .putInt(random.nextInt(3) == 0 ? random.nextInt() : 1);
        return joined("", head.array(), content);
    }

    private static byte[] anything(Random random) {
        return bytes(random, random.nextInt(10) == 0 ? random.nextInt(100_000) : random.nextInt(200));
    }

    private static byte[] bytes(Random random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private static byte[] joined(String begin, byte[]... parts) {
        byte[] first = begin.getBytes(StandardCharsets.ISO_8859_1);
        int length = first.length;
        for (byte[] part : parts) {
            length += part.length;
        }
        ByteBuffer all = ByteBuffer.allocate(length).put(first);
        for (byte[] part : parts) {
            all.put(part);
        }
        return all.array();
    }

    private static String shown(byte[] words) {
        return words.length + " bytes: "
                + new String(words, 0, Math.min(words.length, 40), StandardCharsets.ISO_8859_1);
    }

    /** What is registered here is found there, and a persistent write is taken. */
    private void membersGoOn() throws Exception {
        int number = ++registered;
        for (boolean ephemeral : new boolean[] {true, false}) {
            String service = ephemeral ? "passing" : "lasting";
            assertThat(call(
                            node(),
                            "POST",
                            "/v1/ns/instance?serviceName=" + service + "&ip=10.0.0.1&port=" + number + "&ephemeral="
                                    + ephemeral))
                    .isEqualTo("ok");
            Await.until(
                    service + " " + number + " on another member",
                    SOON,
                    () -> call(cluster.node(1), "GET", "/v1/ns/instance/list?serviceName=" + service)
                            .contains("\"port\":" + number + ","));
        }
    }

    private String call(RegistryProcess server, String method, String path) {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + server.address() + "/nacos" + path))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .timeout(SOON)
                .build();
        try {
            return http.send(request, BodyHandlers.ofString()).body();
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static List<String> logOfTrouble() {
        return node().log()
                .lines()
                .filter(line -> line.contains("ERROR") || line.startsWith("\tat "))
                .limit(20)
                .toList();
    }

    private static RegistryProcess node() {
        return cluster.node(0);
    }

    private static int raftPort() {
        return node().port() + RAFT_OFFSET;
    }

    private static int clusterPort() {
        return node().port() + CLUSTER_OFFSET;
    }
}
