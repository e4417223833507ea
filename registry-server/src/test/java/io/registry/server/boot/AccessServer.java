package io.registry.server.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.registry.server.boot.AccessTable.Caller;
import io.registry.server.boot.AccessTable.Grant;
import io.registry.server.boot.AccessTable.Services;
import io.registry.server.grpc.SdkServer;
import io.registry.server.http.Route;
import io.registry.server.http.Routes;
import io.registry.server.testkit.Administrator;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** A server in this process, with a user for every kind of right that the tables tell apart. */
final class AccessServer implements AutoCloseable {

    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final Set<String> EVERY_VERB = Set.of("register", "discover", "operate");

    private final ConfigurableApplicationContext context;
    private final String base;
    private final boolean open;
    private final List<Caller> callers = new ArrayList<>();

    private AccessServer(ConfigurableApplicationContext context, boolean open) {
        this.context = context;
        this.base = "http://127.0.0.1:" + context.getEnvironment().getRequiredProperty("local.server.port") + "/nacos";
        this.open = open;
    }

    /**
     * Starts a server.
     *
     * @param open whether neither clients nor readers of figures have to log in
     */
    static AccessServer start(Path data, boolean open) {
        String logins = open ? "open" : "required";
        AccessServer server = new AccessServer(
                new SpringApplication(RegistryServer.class)
                        .run(
                                "--server.port=0",
                                "--registry.data-dir=" + data,
                                "--registry.access.clients=" + logins,
                                "--registry.access.metrics=" + logins,
                                "--registry.access.token-keys=" + SignedToken.KEY,
                                "--registry.access.admin-password=" + Administrator.PASSWORD),
                open);
        server.addCallers();
        return server;
    }

    boolean isOpen() {
        return open;
    }

    /** Returns one of each kind. */
    List<Caller> callers() {
        return callers;
    }

    List<Route> routes() {
        return context.getBean(Routes.class).all();
    }

    int grpcPort() {
        return context.getBean(SdkServer.class).port();
    }

    @Override
    public void close() {
        context.close();
    }

    private void addCallers() {
        String admin = token("nacos", Administrator.PASSWORD);
        unknown("nobody", null, "user not found!");
        unknown("garbage", "garbage", "token invalid!");
        unknown("expired", SignedToken.expired("nacos"), "token expired!");
        unknown("wrong signature", SignedToken.spoilt(admin), "Invalid signature");
        unknown("foreign key", SignedToken.byAnotherKey("nacos"), "Invalid signature");
        unknown("no algorithm", SignedToken.unsigned("nacos"), "unsupported signature algorithm");
        user(admin, "stranger", "", null);
        // Each verb by itself, over everything: whoever has one may not do what asks for another.
        for (String verb : EVERY_VERB) {
            user(admin, verb, verb, new Grant(new Services("*", "*", "*"), Set.of(verb)));
        }
        // The letters that other servers have, over one namespace.
        user(admin, "reader", "r", new Grant(new Services("public", "*", "*"), Set.of("discover")));
        user(admin, "writer", "w", new Grant(new Services("public", "*", "*"), Set.of("register", "operate")));
        // Every verb, over more and more.
        Map<String, Services> scopes = new LinkedHashMap<>();
        scopes.put("ofService", new Services("dev", "G1", "svc"));
        scopes.put("ofName", new Services("dev", "*", "svc"));
        scopes.put("ofGroup", new Services("dev", "G1", "*"));
        scopes.put("ofNamespace", new Services("dev", "*", "*"));
        scopes.put("ofAll", new Services("*", "*", "*"));
        scopes.forEach((name, services) -> user(admin, name, "rw", new Grant(services, EVERY_VERB)));
        callers.add(new Caller("administrator", admin, null, null, true));
    }

    private void unknown(String name, @Nullable String token, String refusal) {
        callers.add(new Caller(name, token, refusal, null, false));
    }

    private void user(String admin, String name, String action, @Nullable Grant grant) {
        as(admin, "/v3/auth/user?username=" + name + "&password=" + name + "-1");
        as(admin, "/v3/auth/role?username=" + name + "&role=" + name + "s");
        if (grant != null) {
            as(
                    admin,
                    "/v3/auth/permission?role=" + name + "s&action=" + action + "&resource="
                            + grant.services().resource());
        }
        callers.add(new Caller(name, token(name, name + "-1"), null, grant, false));
    }

    private void as(String token, String pathAndQuery) {
        HttpResponse<String> answer = send("POST", pathAndQuery, "", token).join();
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    private String token(String user, String password) {
        return send("POST", "/v3/auth/user/login", "username=" + user + "&password=" + password.replace(' ', '+'), null)
                .join()
                .headers()
                .firstValue("Authorization")
                .orElseThrow()
                .substring("Bearer ".length());
    }

    /**
     * Sends a request.
     *
     * @param form the parameters in the body; empty for no body
     */
    CompletableFuture<HttpResponse<String>> send(
            String method, String pathAndQuery, String form, @Nullable String token) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + pathAndQuery));
        if (form.isEmpty()) {
            request.method(method, HttpRequest.BodyPublishers.noBody());
        } else {
            request.method(method, HttpRequest.BodyPublishers.ofString(form))
                    .header("Content-Type", "application/x-www-form-urlencoded");
        }
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        return HTTP.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
