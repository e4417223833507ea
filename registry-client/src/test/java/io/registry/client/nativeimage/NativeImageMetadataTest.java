package io.registry.client.nativeimage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.registry.api.model.Instance;
import io.registry.api.model.ServiceKey;
import io.registry.client.nativeimage.Lookups.Lookup;
import io.registry.client.stub.StubServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * Holds what the jar tells native images against what a run of the client looks up by name. That an image built with it
 * works is not shown here: that takes a GraalVM.
 */
class NativeImageMetadataTest {

    private static final ServiceKey SERVICE = new ServiceKey("public", "DEFAULT_GROUP", "s");
    private static final String NETTY = "io.grpc.netty.shaded.io.netty.";
    private static final String HANDLERS = "io.grpc.netty.shaded.io.grpc.";
    private static final String LIST =
            "{\"name\":\"DEFAULT_GROUP@@s\",\"groupName\":\"DEFAULT_GROUP\",\"clusters\":\"\",\"cacheMillis\":10000,"
                    + "\"lastRefTime\":1,\"hosts\":[{\"ip\":\"10.0.0.9\",\"port\":80,\"weight\":1.0,\"healthy\":true,"
                    + "\"enabled\":true,\"ephemeral\":true,\"clusterName\":\"DEFAULT\","
                    + "\"serviceName\":\"DEFAULT_GROUP@@s\",\"metadata\":{}}]}";

    @SuppressWarnings("NullAway.Init")
    private static Lookups lookups;

    @BeforeAll
    static void run(@TempDir Path directory) throws Exception {
        HttpServer http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.createContext("/", NativeImageMetadataTest::answer);
        http.start();
        try (StubServer grpc = StubServer.start()) {
            grpc.answer(request -> request.type().equals("SubscribeServiceRequest")
                    ? StubServer.subscribed(SERVICE, 100, Instance.of("10.0.0.9", 80))
                    : null);
            int port = http.getAddress().getPort();
            lookups = Lookups.of(
                    TracedProgram.class.getName(),
                    "127.0.0.1:" + port,
                    Integer.toString(grpc.port() - port),
                    directory.toString());
        } finally {
            http.stop(0);
        }
        assertThat(lookups.output()).contains("done grpc", "done http");
    }

    private static void answer(HttpExchange exchange) throws IOException {
        exchange.getRequestBody().readAllBytes();
        String path = exchange.getRequestURI().getPath();
        String answer = path.endsWith("/login")
                ? "{\"accessToken\":\"T1\",\"tokenTtl\":18000}"
                : path.endsWith("/list") ? LIST : "ok";
        byte[] bytes = answer.getBytes(UTF_8);
        exchange.sendResponseHeaders(200, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    /** What gRPC looks up, but for what it looks for in vain; Netty has metadata of its own, but not for gRPC's handlers. */
    private static List<Lookup> ofGrpc() {
        return lookups.found().stream()
                .filter(lookup -> lookup.caller().startsWith(NETTY)
                        ? lookup.type().startsWith(HANDLERS)
                        : lookup.caller().startsWith("io.grpc."))
                .filter(lookup -> !lookup.finder().equals("forName") || exists(lookup.name()))
                .toList();
    }

    private static boolean exists(String name) {
        try {
            Class.forName(name, false, NativeImageMetadataTest.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    @Test
    void theClientItselfLooksUpNothingByName() {
        assertThat(lookups.found())
                .isNotEmpty()
                .noneMatch(lookup -> lookup.caller().startsWith("io.registry."))
                .noneMatch(lookup -> lookup.caller().startsWith("tools.jackson."));
    }

    @Test
    void whatGrpcLooksUpIsTold() throws Exception {
        ReflectConfig config = ReflectConfig.read();

        assertThat(ofGrpc()).isNotEmpty().allMatch(config::covers);
    }

    @Test
    void whatIsToldIsThere() throws Exception {
        assertThat(ReflectConfig.read().missing()).isEmpty();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void nothingIsToldThatIsNotLookedUp() throws Exception {
        assertThat(ReflectConfig.read().unused(ofGrpc())).isEmpty();
    }

    @Test
    void connectionsOverHttpAreWanted() throws Exception {
        Properties properties = new Properties();
        try (InputStream in = Objects.requireNonNull(
                getClass().getResourceAsStream(ReflectConfig.DIRECTORY + "native-image.properties"))) {
            properties.load(in);
        }

        assertThat(properties).containsOnlyKeys("Args").containsEntry("Args", "--enable-url-protocols=http");
    }
}
