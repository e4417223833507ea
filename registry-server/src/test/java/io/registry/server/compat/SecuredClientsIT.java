package io.registry.server.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.registry.server.compat.driver.Host;
import io.registry.server.testkit.Administrator;
import io.registry.server.testkit.Await;
import io.registry.server.testkit.RegistryProcess;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Unmodified clients with a user name and a password, at a server that wants them. */
class SecuredClientsIT {

    private static final String GROUP = "shop";
    private static final String[] LOGIN = {"username=shop", "password=shop-pass-1"};
    private static final Duration SOON = Duration.ofSeconds(20);

    /** Tokens live a minute, and the clients are at work for ten. */
    private static final String SHORT_LIFE = "--registry.access.session-life=60s";

    private static final Duration LONG = Duration.ofMinutes(10);
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @SuppressWarnings("NullAway.Init")
    private static RegistryProcess server;

    @BeforeAll
    static void start() {
        server = RegistryProcess.start("--registry.access.clients=required", SHORT_LIFE);
        administer("/v3/auth/user?username=shop&password=shop-pass-1");
        administer("/v3/auth/role?username=shop&role=sellers");
        administer("/v3/auth/permission?role=sellers&resource=public:" + GROUP + ":*&action=rw");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @EnumSource(names = {"V1_4", "V2_5", "V3_2", "SDK"})
    void whoLogsInDoesWhatTheirRolesAllowAndNothingElse(ClientVersion version) {
        String service = version + "-orders";
        Host host = Host.of("10.1.1.1", 8080);
        try (NacosClient client = NacosClient.start(version, server.address(), LOGIN)) {
            client.subscribe(GROUP, service, "", "seen");
            client.register(GROUP, service, host);

            Await.until(
                    "the list is pushed", SOON, () -> client.lists("seen").contains(List.of(host.of(GROUP, service))));
            assertThat(client.query(GROUP, service, "")).containsExactly(host.of(GROUP, service));
            assertThatThrownBy(() -> client.register("elsewhere", service, host))
                    .hasMessageContaining("authorization failed!");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"V1_4", "V2_5", "SDK"})
    void whoDoesNotIsRefused(ClientVersion version) {
        try (NacosClient client = NacosClient.start(version, server.address())) {
            assertThatThrownBy(() -> client.register(GROUP, version + "-none", Host.of("10.1.1.1", 8080)))
                    .hasMessageContaining("user not found!");
        }
    }

    /** What was let in over a connection ends with the right to it, and not with the connection only. */
    @ParameterizedTest
    @EnumSource(names = {"V2_5", "SDK"})
    void whoseRightIsTakenAwayIsShownNoLonger(ClientVersion version) {
        String user = "leaver-" + version;
        String permission = "/v3/auth/permission?role=" + user + "&action=rw&resource=public:" + GROUP + ":*";
        administer("/v3/auth/user?username=" + user + "&password=shop-pass-1");
        administer("/v3/auth/role?username=" + user + "&role=" + user);
        administer(permission);
        String service = version + "-left";
        Host host = Host.of("10.1.3.1", 8080);
        try (NacosClient stays = NacosClient.start(version, server.address(), LOGIN);
                NacosClient leaves =
                        NacosClient.start(version, server.address(), "username=" + user, "password=shop-pass-1")) {
            stays.register(GROUP, service, Host.of("10.1.3.2", 8080));
            leaves.register(GROUP, service, host);
            stays.subscribe(GROUP, service, "", "seen");
            Await.until(
                    "both are seen", SOON, () -> stays.lists("seen").stream().anyMatch(list -> list.size() == 2));

            administer("DELETE", permission);

            Await.until("one is seen", SOON, () -> {
                List<List<Host>> lists = stays.lists("seen");
                return lists.get(lists.size() - 1).size() == 1;
            });
            assertThat(administer("GET", "/v3/admin/core/ops/flight?kind=refused&user=" + user))
                    .contains("authorization failed!", "\"detail\":\"instances\"");
        }
    }

    /** Tokens end ten times, and the key is changed twice: no call fails for it. */
    @Test
    @Tag("long")
    void noCallFailsWhenTokensEndAndKeysChange() {
        List<NacosClient> clients = new ArrayList<>();
        try {
            for (ClientVersion version :
                    List.of(ClientVersion.V1_4, ClientVersion.V2_5, ClientVersion.V3_2, ClientVersion.SDK)) {
                clients.add(NacosClient.start(version, server.address(), LOGIN));
            }
            long begun = System.nanoTime();
            int rotations = 0;
            int round = 0;
            while (System.nanoTime() - begun < LONG.toNanos()) {
                round++;
                for (int i = 0; i < clients.size(); i++) {
                    Host host = Host.of("10.1.2." + i, 1 + round % 60_000);
                    String service = "life-" + i;
                    clients.get(i).register(GROUP, service, host);
                    assertThat(clients.get(i).query(GROUP, service, "")).contains(host.of(GROUP, service));
                    clients.get(i).deregister(GROUP, service, host);
                }
                if (System.nanoTime() - begun > LONG.toNanos() * (rotations + 1) / 3 && rotations < 2) {
                    administer("/v3/auth/key");
                    rotations++;
                }
            }
            assertThat(rotations).isEqualTo(2);
        } finally {
            clients.forEach(NacosClient::close);
        }
    }

    private static void administer(String pathAndQuery) {
        administer("POST", pathAndQuery);
    }

    private static String administer(String method, String pathAndQuery) {
        HttpRequest request = Administrator.request(server.url(pathAndQuery))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build();
        HttpResponse<String> answer =
                HTTP.sendAsync(request, HttpResponse.BodyHandlers.ofString()).join();
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer.body();
    }
}
