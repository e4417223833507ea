package io.registry.server.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.registry.server.testkit.RegistryProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Logging in, and the users, roles, permissions and keys of a node: what was recorded, and where ours differs. */
class AccountsIT {

    private static final String PASSWORD = "admin-pass-1";
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static RegistryProcess server;
    private static String admin;

    @BeforeAll
    static void start() {
        server = RegistryProcess.start("--registry.access.admin-password=" + PASSWORD);
        admin = token("nacos", PASSWORD);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /** AUT-05, AUT-06, V3U-05: three paths, the parameters in the query, the form or both. */
    @Test
    void aLoginIsAnsweredWithATokenOnAllPaths() {
        for (String path : new String[] {"/v1/auth/login", "/v1/auth/users/login", "/v3/auth/user/login"}) {
            HttpResponse<String> answer = call("POST", path + "?username=nacos", "password=" + PASSWORD + "&", null);

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body())
                    .matches("\\{\"accessToken\":\"[^\"]+\",\"tokenTtl\":18000,\"globalAdmin\":true,"
                            + "\"username\":\"nacos\"}");
            assertThat(answer.headers().firstValue("Authorization")).hasValue("Bearer " + tokenOf(answer));
        }
    }

    /** AUT-02, AUT-07, AUT-08, AUT-09, V3U-08, V3U-09. */
    @Test
    void s12ABadLoginHasOneAnswer() {
        for (String user : new String[] {"nacos", "nobody"}) {
            for (String path : new String[] {"/v1/auth/users/login", "/v3/auth/user/login"}) {
                HttpResponse<String> answer = call("POST", path + "?username=" + user, "password=wrong", null);

                assertThat(answer.statusCode()).isEqualTo(403);
                assertThat(answer.body()).isEqualTo("user not found!");
            }
        }
        HttpResponse<String> none = call("POST", "/v1/auth/users/login?username=nacos", "", null);
        assertThat(none.statusCode()).isEqualTo(400);
        assertThat(none.body()).isEqualTo("Parameter 'password' is missing");
    }

    /** AUT-04, V3U-04. */
    @Test
    void thereIsAnAdministratorAlready() {
        assertThat(call("POST", "/v1/auth/users/admin", "password=x", null).body())
                .isEqualTo("{\"code\":409,\"message\":null,\"data\":\"have admin user cannot use it\"}");
        assertThat(call("POST", "/v3/auth/user/admin", "password=x", null).body())
                .isEqualTo("{\"code\":409,\"message\":\"have admin user cannot use it.\",\"data\":null}");
    }

    /** USR-02 to USR-30, in their order as far as they need one another. */
    @Test
    void usersRolesAndPermissionsOfTheFirstVersion() {
        String users = "/v1/auth/users";
        assertRefused(call("POST", users, "username=alice&password=Alice-1", null), "user not found!");
        assertOk("POST", users, "username=alice&password=Alice-1", "create user ok!");
        assertBad("POST", users, "username=alice&password=Alice-1", "user 'alice' already exist!");
        assertThat(call("POST", users, "username=nacos&password=x", admin).body())
                .startsWith("{\"code\":409,");
        assertThat(get(users + "?pageNo=1&pageSize=10&search=blur&username=ali*"))
                .isEqualTo("{\"totalCount\":1,\"pageNumber\":1,\"pagesAvailable\":1,\"pageItems\":"
                        + "[{\"username\":\"alice\",\"password\":null}]}");
        assertThat(get(users + "/search?username=ali")).isEqualTo("[\"alice\"]");
        assertOk("POST", "/v1/auth/roles", "role=reader&username=alice", "add role ok!");
        assertBad(
                "POST",
                "/v1/auth/roles",
                "role=reader&username=alice",
                "user 'alice' already bound to the role 'reader'!");
        assertBad(
                "POST",
                "/v1/auth/roles",
                "role=ROLE_ADMIN&username=alice",
                "role 'ROLE_ADMIN' is not permitted to create!");
        assertBad("POST", "/v1/auth/roles", "role=reader&username=nobody", "user 'nobody' not found!");
        assertThat(get("/v1/auth/roles?pageNo=1&pageSize=10&search=accurate"))
                .contains("{\"role\":\"reader\",\"username\":\"alice\"},")
                .contains("{\"role\":\"ROLE_ADMIN\",\"username\":\"nacos\"}");
        assertThat(get("/v1/auth/roles/search?role=rea")).isEqualTo("[\"reader\"]");
        String permission = "role=reader&resource=public:*:*&action=r";
        assertOk("POST", "/v1/auth/permissions", permission, "add permission ok!");
        assertBad("POST", "/v1/auth/permissions", "role=nosuch&resource=public:*:*&action=r", "role nosuch not found!");
        assertThat(get("/v1/auth/permissions?pageNo=1&pageSize=10&search=accurate&role=reader"))
                .isEqualTo("{\"totalCount\":1,\"pageNumber\":1,\"pagesAvailable\":1,\"pageItems\":"
                        + "[{\"role\":\"reader\",\"resource\":\"public:*:*\",\"action\":\"r\"}]}");
        assertThat(get("/v1/auth/permissions?" + permission))
                .isEqualTo("{\"code\":0,\"message\":\"success\",\"data\":true}");

        String alice = token("alice", "Alice-1");
        assertRefused(call("GET", users + "?pageNo=1&pageSize=10", "", alice), "authorization failed!");
        assertRefused(call("PUT", users, "username=nacos&newPassword=xxxxxxxx", alice), "authorization failed!");
        assertThat(call("PUT", users, "username=alice&newPassword=Alice-2", alice)
                        .body())
                .isEqualTo("{\"code\":200,\"message\":null,\"data\":\"update user ok!\"}");
        assertRefused(call("PUT", users, "username=alice&newPassword=Alice-3", alice), "token invalid!");
        assertBad("PUT", users, "username=nobody&newPassword=x", "user nobody not exist!");
        assertBad("DELETE", users, "username=nacos", "cannot delete admin: nacos");

        String again = token("alice", "Alice-2");
        assertOk("DELETE", "/v1/auth/permissions", permission, "delete permission ok!");
        assertOk("DELETE", "/v1/auth/roles", "role=reader&username=alice", "delete role of user alice ok!");
        assertOk("DELETE", users, "username=alice", "delete user ok!");
        assertRefused(call("PUT", users, "username=alice&newPassword=x", again), "user not found!");
    }

    /** V3U-20 to V3U-39. */
    @Test
    void usersRolesAndPermissionsOfTheThirdVersion() {
        assertThat(call("POST", "/v3/auth/user", "username=bob&password=Bob-1", admin)
                        .body())
                .isEqualTo("{\"code\":0,\"message\":\"success\",\"data\":\"create user ok!\"}");
        HttpResponse<String> twice = call("POST", "/v3/auth/user", "username=bob&password=Bob-1", admin);
        assertThat(twice.statusCode()).isEqualTo(400);
        assertThat(twice.body()).contains("\"code\":20002").contains("user 'bob' already exist!");
        assertThat(get("/v3/auth/user/search?username=bo"))
                .isEqualTo("{\"code\":0,\"message\":\"success\",\"data\":[\"bob\"]}");
        assertThat(call("POST", "/v3/auth/role", "role=rw&username=bob", admin).body())
                .contains("\"add role ok!\"");
        assertThat(call("POST", "/v3/auth/permission", "role=rw&resource=:*:*&action=rw", admin)
                        .body())
                .contains("\"add permission ok!\"");
        assertThat(get("/v3/auth/permission/list?pageNo=1&pageSize=10&role=rw"))
                .contains("{\"role\":\"rw\",\"resource\":\":*:*\",\"action\":\"rw\"}");
        HttpResponse<String> refused = call("GET", "/v3/auth/user/list", "", token("bob", "Bob-1"));
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(refused.body()).contains("Code: 403, Message: authorization failed!.");
        HttpResponse<String> unsaid = call("GET", "/v3/auth/user/list", "", null);
        assertThat(unsaid.body()).contains("Code: 401, Message: user not found!.");
        assertThat(call("DELETE", "/v3/auth/user?username=nacos", "", admin).body())
                .contains("\"code\":20002")
                .contains("cannot delete admin: nacos");
        assertThat(call("DELETE", "/v3/auth/user?username=bob", "", admin).body())
                .contains("\"delete user ok!\"");
    }

    @Test
    void s15ATokenEndsWithThePasswordAndWithTheUser() {
        assertThat(call("POST", "/v3/auth/user", "username=eve&password=First-1", admin)
                        .statusCode())
                .isEqualTo(200);
        String first = token("eve", "First-1");
        assertThat(call("GET", "/v1/console/namespaces", "", first).statusCode())
                .isEqualTo(200);

        assertThat(call("PUT", "/v3/auth/user", "username=eve&newPassword=Second-2", admin)
                        .statusCode())
                .isEqualTo(200);
        assertThat(call("GET", "/v1/console/namespaces", "", first).statusCode())
                .isEqualTo(403);
        String second = token("eve", "Second-2");
        assertThat(call("GET", "/v1/console/namespaces", "", second).statusCode())
                .isEqualTo(200);

        assertThat(call("DELETE", "/v3/auth/user?username=eve", "", admin).statusCode())
                .isEqualTo(200);
        assertThat(call("GET", "/v1/console/namespaces", "", second).statusCode())
                .isEqualTo(403);
    }

    /** AUT-15, AUT-16 and what else a token may be that is none. */
    @Test
    void whatIsNoTokenIsRefusedWithTheReason() {
        String[] parts = admin.split("\\.", -1);
        String payload = text("{\"sub\":\"nacos\",\"exp\":99999999999,\"ver\":\"0000000000000000\"}");
        assertRefused(users("garbage"), "token invalid!");
        assertRefused(users("a.b.c"), "token invalid!");
        assertRefused(users(parts[0] + "." + payload + "." + parts[2]), "Invalid signature");
        assertRefused(users(text("{\"alg\":\"HS256\"}") + "." + payload + "." + parts[2]), "Invalid signature");
        assertRefused(users(text("{\"alg\":\"none\"}") + "." + payload + "."), "unsupported signature algorithm");
        assertThat(users(admin).statusCode()).isEqualTo(200);
    }

    @Test
    void tokensOfAnEarlierKeyAreTakenAfterARotation() {
        String before = token("nacos", PASSWORD);

        HttpResponse<String> rotated = call("POST", "/v3/auth/key", "", admin);

        assertThat(rotated.statusCode()).isEqualTo(200);
        assertThat(users(before).statusCode()).isEqualTo(200);
        String after = token("nacos", PASSWORD);
        assertThat(after.split("\\.", -1)[0]).isNotEqualTo(before.split("\\.", -1)[0]);
        assertThat(users(after).statusCode()).isEqualTo(200);
        assertThat(get("/v3/auth/key")).contains("\"validUntil\":0").doesNotContain("secret");
    }

    @Test
    void whoFailsTooOftenHasToWaitAndWhoIsKnownDoesNot() {
        int status = 403;
        for (int i = 0; i < 30 && status == 403; i++) {
            status = call("POST", "/v1/auth/login", "username=mallory&password=" + i, null)
                    .statusCode();
        }

        assertThat(status).isEqualTo(429);
        assertThat(token("nacos", PASSWORD)).isNotEmpty();
    }

    /** What is kept is there after a kill, and neither a password nor a key is in what the node prints. */
    @Test
    void aPasswordIsShownOnceAndKeptAsItsHash() {
        try (RegistryProcess fresh = RegistryProcess.start("--registry.access.admin-password=")) {
            Matcher shown =
                    Pattern.compile("log in as nacos with password (\\w{24}) ").matcher(fresh.log());
            assertThat(shown.find()).isTrue();
            String password = shown.group(1);
            URI login = fresh.url("/v1/auth/login?username=nacos&password=" + password);
            assertThat(send(HttpRequest.newBuilder(login).POST(HttpRequest.BodyPublishers.noBody()))
                            .statusCode())
                    .isEqualTo(200);

            fresh.kill();
            fresh.restart();

            assertThat(send(HttpRequest.newBuilder(login).POST(HttpRequest.BodyPublishers.noBody()))
                            .statusCode())
                    .isEqualTo(200);
            assertThat(fresh.log().split(password, -1)).hasSize(2);
        }
        assertThat(server.log()).doesNotContain(PASSWORD);
    }

    /** A new password for who has lost the old one; a second start with the same setting leaves its tokens as they are. */
    @Test
    void theAdministratorIsGivenAnotherPasswordWhereTheSettingsSaySo() {
        String next = "--registry.access.admin-password=another-pass-2";
        try (RegistryProcess lost = RegistryProcess.start("--registry.access.admin-password=" + PASSWORD)) {
            lost.stop();
            RegistryProcess kept = lost.with(next);
            kept.restart();
            assertThat(login(kept, PASSWORD).statusCode()).isEqualTo(200);
            kept.stop();

            RegistryProcess reset = lost.with(next, "--registry.access.reset-admin=true");
            reset.restart();

            assertThat(login(reset, PASSWORD).statusCode()).isEqualTo(403);
            String token = tokenOf(login(reset, "another-pass-2"));
            reset.stop();
            reset.restart();
            try (reset) {
                assertThat(send(HttpRequest.newBuilder(reset.url("/v3/auth/user/list"))
                                        .header("accessToken", token))
                                .statusCode())
                        .isEqualTo(200);
            }
        }
    }

    private static HttpResponse<String> login(RegistryProcess node, String password) {
        return send(HttpRequest.newBuilder(node.url("/v1/auth/login?username=nacos&password=" + password))
                .POST(HttpRequest.BodyPublishers.noBody()));
    }

    private static HttpResponse<String> users(String token) {
        return call("GET", "/v1/auth/users?pageNo=1&pageSize=10", "", token);
    }

    private static String text(String json) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }

    private static String token(String user, String password) {
        return tokenOf(call("POST", "/v1/auth/login", "username=" + user + "&password=" + password, null));
    }

    private static String tokenOf(HttpResponse<String> answer) {
        Matcher token = Pattern.compile("\"accessToken\":\"([^\"]+)\"").matcher(answer.body());
        assertThat(token.find()).as("%s %s", answer, answer.body()).isTrue();
        return token.group(1);
    }

    private static String get(String path) {
        HttpResponse<String> answer = call("GET", path, "", admin);
        assertThat(answer.statusCode()).as("%s: %s", path, answer.body()).isEqualTo(200);
        return answer.body();
    }

    private static void assertOk(String method, String path, String form, String data) {
        HttpResponse<String> answer = call(method, path, form, admin);
        assertThat(answer.body()).isEqualTo("{\"code\":200,\"message\":null,\"data\":\"" + data + "\"}");
    }

    private static void assertBad(String method, String path, String form, String why) {
        HttpResponse<String> answer = call(method, path, form, admin);
        assertThat(answer.body()).isEqualTo("caused: " + why + ";");
        assertThat(answer.statusCode()).isEqualTo(400);
    }

    private static void assertRefused(HttpResponse<String> answer, String why) {
        assertThat(answer.body()).contains("\"error\":\"Forbidden\",\"message\":\"" + why + "\"");
        assertThat(answer.statusCode()).isEqualTo(403);
    }

    private static HttpResponse<String> call(String method, String path, String form, @Nullable String token) {
        HttpRequest.Builder request = HttpRequest.newBuilder(server.url(path))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .method(method, HttpRequest.BodyPublishers.ofString(form));
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        return send(request);
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
