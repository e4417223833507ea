package io.registry.server.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.registry.server.testkit.Administrator;
import io.registry.server.testkit.Await;
import io.registry.server.testkit.RegistryCluster;
import io.registry.server.testkit.RegistryProcess;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backups of real servers, made and restored with the jar's own commands. */
class BackupIT {

    private static final int SERVICES = 50;
    private static final int INSTANCES = 20;
    private static final String RESTORE = "/v3/admin/core/ops/restore";

    @TempDir
    private Path directory;

    @Test
    void aNewServerGetsAllOfIt() throws IOException, InterruptedException {
        Path file = directory.resolve("first.backup");
        Path again = directory.resolve("again.backup");
        try (RegistryProcess old = RegistryProcess.start();
                RegistryProcess fresh = RegistryProcess.start()) {
            fill(new Http(old));

            Ended saved = command("backup", "--server=" + old.address(), file.toString());
            assertThat(saved.status).as(saved.output).isZero();
            assertThat(saved.output)
                    .contains("backup: " + Files.size(file) + " of " + Files.size(file) + " bytes")
                    .contains("50 services, 1000 instances, 20 overrides, 2 namespaces, 1 switches, 1 users")
                    .contains("sha-256 " + checksum(file) + ", whole");
            Ended verified = command("verify-backup", file.toString());
            assertThat(verified.status).as(verified.output).isZero();
            assertThat(verified.output).contains("1000 instances").contains(checksum(file));

            Ended restored = command("restore", "--server=" + fresh.address(), file.toString());
            assertThat(restored.status).as(restored.output).isZero();
            assertThat(restored.output).containsPattern("restore: (\\d+) of \\1 changes");
            assertSame(old, fresh);
            fresh.kill();
            fresh.restart();
            assertSame(old, fresh);
            assertThat(command("backup", "--server=" + fresh.address(), again.toString()).status)
                    .isZero();
            assertThat(state(again)).isEqualTo(state(file));

            // What was there before stays where the name is taken.
            assertThat(command("backup", "--server=" + old.address(), file.toString()).status)
                    .isEqualTo(1);
            refusals(old, fresh, file);
        }
    }

    private void refusals(RegistryProcess old, RegistryProcess fresh, Path file)
            throws IOException, InterruptedException {
        byte[] whole = Files.readAllBytes(file);
        byte[] damaged = whole.clone();
        damaged[whole.length / 2] ^= 1;
        Path bad = Files.write(directory.resolve("bad.backup"), damaged);
        new Http(fresh).send("POST", "/v1/console/namespaces", "customNamespaceId", "mine", "namespaceName", "mine");

        Ended occupied = command("restore", "--server=" + fresh.address(), file.toString());
        assertThat(occupied.status).isEqualTo(1);
        assertThat(occupied.output)
                .contains("status 409")
                .contains("persistent state: 50 services, 3 namespaces, 1 switches, not all of them from this backup");
        assertThat(command("restore", "--server=" + fresh.address(), bad.toString()).output)
                .contains("restore failed: " + bad + ": damaged (expected: content that fits its checksum)");
        HttpResponse<String> call = post(fresh, damaged);
        assertThat(call.statusCode()).isEqualTo(400);
        assertThat(call.body()).contains("backup: damaged (expected: content that fits its checksum)");
        assertThat(post(fresh, "hello".getBytes(StandardCharsets.UTF_8)).body())
                .contains("backup: not a backup (expected: a file that backup has written)");
        assertThat(post(fresh, Arrays.copyOf(whole, whole.length / 2)).body()).contains("it is cut off");
        assertSame(old, fresh);
        assertThat(fresh.dataDirectory().resolve("restore.tmp")).doesNotExist();
        assertThat(command("restore", "--server=127.0.0.1:1", file.toString()).status)
                .isEqualTo(1);
        assertThat(command("backup").status).isEqualTo(2);
    }

    @Test
    void aWholeClusterGetsItThroughOneOfItsMembers() throws IOException, InterruptedException {
        Path file = directory.resolve("alone.backup");
        try (RegistryProcess old = RegistryProcess.start();
                RegistryCluster cluster = RegistryCluster.start(3)) {
            for (int i = 0; i < 100; i++) {
                register(new Http(old), "orders", i);
            }
            assertThat(command("backup", "--server=" + old.address(), file.toString()).status)
                    .isZero();

            Ended restored = command("restore", "--server=" + cluster.node(1).address(), file.toString());

            assertThat(restored.status).as(restored.output).isZero();
            for (RegistryProcess node : cluster.nodes()) {
                Await.until(
                        "all instances on " + node.address(),
                        Duration.ofSeconds(20),
                        () -> new Http(node)
                                .send("GET", "/v1/ns/instance/list", "serviceName", "orders")
                                .contains("\"ip\":\"10.0.0.99\""));
            }
        }
    }

    /** One writer, two services in turn: of every state there ever was, the second has as many as the first or one less. */
    @Test
    void aBackupAmidWritesIsOfOneMoment() throws IOException, InterruptedException {
        try (RegistryProcess server = RegistryProcess.start()) {
            Http http = new Http(server);
            AtomicBoolean over = new AtomicBoolean();
            Thread writer = new Thread(() -> {
                for (int i = 0; i < 250 && !over.get(); i++) {
                    register(http, "first", i);
                    register(http, "second", i);
                }
            });
            writer.start();
            int last = 0;
            for (int i = 0; i < 20; i++) {
                String content = Files.readString(download(server, i), StandardCharsets.ISO_8859_1);
                int first = content.split("of first", -1).length - 1;
                int second = content.split("of second", -1).length - 1;

                assertThat(first - second).isBetween(0, 1);
                assertThat(first).isGreaterThanOrEqualTo(last);
                last = first;
            }
            over.set(true);
            writer.join();
            assertThat(last).isPositive();
        }
    }

    private static void fill(Http http) {
        for (int s = 0; s < SERVICES; s++) {
            for (int i = 0; i < INSTANCES; i++) {
                register(http, "s" + s, i);
            }
        }
        http.send("POST", "/v1/console/namespaces", "customNamespaceId", "n1", "namespaceName", "one");
        http.send("POST", "/v1/console/namespaces", "customNamespaceId", "n2", "namespaceName", "größer");
        http.send("PUT", "/v1/ns/operator/switches", "entry", "pushCacheMillis", "value", "12000", "debug", "false");
        http.send(
                "PUT", "/v1/ns/service", "serviceName", "s1", "protectThreshold", "0.25", "metadata", "{\"a\":\"b\"}");
        http.send(
                "PUT",
                "/v1/ns/cluster",
                "serviceName",
                "s2",
                "clusterName",
                "DEFAULT",
                "checkPort",
                81,
                "useInstancePort4Check",
                false,
                "healthChecker",
                "{\"type\":\"NONE\"}");
        http.send(
                "PUT",
                "/v1/ns/instance/metadata/batch",
                "namespaceId",
                "public",
                "serviceName",
                "DEFAULT_GROUP@@s3",
                "consistencyType",
                "persist",
                "metadata",
                "{\"set\":\"by an operator\"}");
    }

    private static void register(Http http, String service, int number) {
        http.send(
                "POST",
                "/v1/ns/instance",
                "serviceName",
                service,
                "ip",
                "10.0.0." + number,
                "port",
                8080,
                "weight",
                number % 5 + 1,
                "metadata",
                "{\"number\":\"" + number + " of " + service + "\"}",
                "ephemeral",
                false);
    }

    private static void assertSame(RegistryProcess one, RegistryProcess other) {
        for (int s = 0; s < SERVICES; s++) {
            assertThat(hosts(other, "s" + s)).isEqualTo(hosts(one, "s" + s));
        }
        assertThat(new Http(other).send("GET", "/v1/ns/service", "serviceName", "s1"))
                .isEqualTo(new Http(one).send("GET", "/v1/ns/service", "serviceName", "s1"));
        assertThat(hosts(other, "s3")).contains("by an operator");
        assertThat(new Http(other).send("GET", "/v1/ns/operator/switches"))
                .contains("\"defaultPushCacheMillis\":12000");
    }

    private static String hosts(RegistryProcess server, String service) {
        String answer = new Http(server).send("GET", "/v1/ns/instance/list", "serviceName", service);
        // The time of the last change is each server's own.
        return answer.replaceAll("\"lastRefTime\":\\d+", "");
    }

    /** Returns the part of a file that does not say where it comes from. */
    private static byte[] state(Path file) throws IOException {
        try (DataInputStream in = new DataInputStream(Files.newInputStream(file))) {
            in.skipNBytes(Long.BYTES + Integer.BYTES + Long.BYTES);
            assertThat(in.readUTF()).isEqualTo("registry");
            assertThat(in.readUTF()).isNotEmpty();
            byte[] state = in.readNBytes((int) in.readLong());
            assertThat(state).hasSizeGreaterThan(SERVICES * INSTANCES);
            return state;
        }
    }

    private static String checksum(Path file) throws IOException {
        byte[] whole = Files.readAllBytes(file);
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(whole, 0, whole.length - digest.getDigestLength());
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private Path download(RegistryProcess server, int number) throws IOException, InterruptedException {
        HttpRequest request = Administrator.request(server.url("/v3/admin/core/ops/backup"))
                .timeout(Duration.ofSeconds(30))
                .build();
        HttpResponse<Path> answer = HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofFile(directory.resolve("moment-" + number)));
        assertThat(answer.statusCode()).isEqualTo(200);
        return answer.body();
    }

    private static HttpResponse<String> post(RegistryProcess server, byte[] body)
            throws IOException, InterruptedException {
        HttpRequest request = Administrator.request(server.url(RESTORE))
                .timeout(Duration.ofSeconds(30))
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    }

    private record Ended(int status, String output) {}

    private static Ended command(String... args) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(RegistryProcess.java(512));
        command.addAll(List.of(args));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("REGISTRY_ACCESS_ADMIN_PASSWORD", Administrator.PASSWORD);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), output);
    }
}
