package io.registry.server.wire;

import static io.registry.server.wire.WireAssert.ok;
import static org.assertj.core.api.Assertions.assertThat;

import io.registry.server.testkit.Await;
import io.registry.server.testkit.Message;
import io.registry.server.testkit.RegistryProcess;
import io.registry.server.testkit.SdkConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Connections from many addresses that break at once: what consumers are shown of them, and what operators see. */
class LossGuardIT {

    private static final Duration SOON = Duration.ofSeconds(20);
    private static final int MANY = 12;

    private static RegistryProcess server;
    private static Http http;

    @BeforeAll
    static void start() {
        server = RegistryProcess.start("--registry.loss-guard.hold=3s");
        http = new Http(server);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void whatIsLostAtOnceIsShownUntilItsTimeIsOver() {
        List<SdkConnection> publishers = publish("lost");
        try (Naming consumer = Naming.on(server.port())) {
            assertThat(ok("SubscribeServiceResponse", consumer.subscribe("lost"))
                            .addresses())
                    .hasSize(MANY);

            publishers.forEach(SdkConnection::close);
            Await.until(
                    "the loss is held",
                    SOON,
                    () -> holds("lost").contains("\"held\":" + MANY + ",\"living\":0,\"addresses\":" + MANY));
            assertThat(consumer.query("lost").addresses()).hasSize(MANY);
            assertThat(holds("lost")).contains("\"ip\":\"127.0.1.1\",\"port\":80", "\"cause\":\"disconnected\"");

            Message last = consumer.connection()
                    .pushes()
                    .await(
                            "none is shown",
                            push -> push.type().equals("NotifySubscriberRequest")
                                    && push.addresses().isEmpty());
            assertThat(last.addresses()).isEmpty();
            assertThat(consumer.query("lost").addresses()).isEmpty();
            assertThat(holds("lost")).contains("\"totalCount\":0");
        }
    }

    @Test
    void figuresAndTheLogShowALossAndAnOperatorLetsItGo() {
        publish("let-go").forEach(SdkConnection::close);
        Await.until("the loss is held", SOON, () -> holds("let-go").contains("\"held\":" + MANY));
        // The other test may hold as many at the same time.
        assertThat(http.send("GET", "/actuator/prometheus").lines())
                .anyMatch(line -> line.matches("registry_loss_guard_held (12|24)\\.0"))
                .anyMatch(line -> line.matches("registry_loss_guard_services [12]\\.0"))
                .anyMatch(line -> line.matches("registry_loss_guard_holds_total\\{cause=\"disconnected\"} [12]\\.0"));

        String gone = http.send("DELETE", "/v3/admin/ns/hold", "serviceName", "let-go", "groupName", Naming.GROUP);

        assertThat(gone).contains("\"data\":" + MANY);
        try (Naming consumer = Naming.on(server.port())) {
            assertThat(consumer.query("let-go").addresses()).isEmpty();
        }
        Await.until("both lines", SOON, () -> server.log().contains("loss held no longer: service=public@@G1@@let-go"));
        assertThat(server.log())
                .containsPattern("WARN .*loss held, .*service=public@@G1@@let-go lost=\\d+ living=\\d+ addresses=\\d+"
                        + " cause=disconnected")
                .contains("loss held no longer: service=public@@G1@@let-go gone=" + MANY
                        + " cause=an operator has ended it");
    }

    private static List<SdkConnection> publish(String service) {
        List<SdkConnection> publishers = new ArrayList<>();
        for (int i = 1; i <= MANY; i++) {
            String ip = "127.0.1." + i;
            SdkConnection connection = SdkConnection.openFrom(ip, server.port());
            connection.check();
            connection.setup(SdkConnection.SETUP);
            connection.awaitPush("SetupAckRequest");
            ok("InstanceResponse", new Naming(connection, Naming.NAMESPACE, Naming.GROUP).register(service, ip, 80));
            publishers.add(connection);
        }
        return publishers;
    }

    private static String holds(String service) {
        return http.send("GET", "/v3/admin/ns/hold/list", "serviceName", service, "groupName", Naming.GROUP);
    }
}
