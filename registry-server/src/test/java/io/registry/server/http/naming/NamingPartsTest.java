package io.registry.server.http.naming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.registry.api.error.ErrorCode;
import io.registry.api.error.RegistryException;
import io.registry.proto.json.Utf8Json;
import io.registry.server.core.persistent.HealthCheck;
import io.registry.server.core.persistent.PersistentStore;
import io.registry.server.core.persistent.Selector;
import io.registry.server.core.persistent.Switches;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class NamingPartsTest {

    private static String text(Consumer<Utf8Json> writer) {
        Utf8Json body = new Utf8Json(16);
        writer.accept(body);
        return new String(body.toBytes(), StandardCharsets.UTF_8);
    }

    @Test
    void clientsThatListenArePushedToAndOthersAreNot() {
        PushAgents agents = new PushAgents(new Switches(new PersistentStore()));

        for (String agent : List.of(
                "Nacos-Java-Client:v1.4.6",
                "Nacos-Java-Client:v2.5.1",
                "Nacos-Java-Client:v0.1.0",
                "Nacos-Go-Client:v1.0.0",
                "Nacos-DNS:v1.0.0",
                "Nacos-C-Client:v1.0.12",
                "Nacos-CSharp-Client:v1.0")) {
            assertThat(agents.listens(agent)).as(agent).isTrue();
        }
        for (String agent : List.of(
                "",
                "curl/8",
                "Nacos-Java-Client",
                "Nacos-Java-Client:v",
                "Nacos-Java-Client:vx",
                "Nacos-Java-Client:v0.0.9",
                "Nacos-C-Client:v1.0.11",
                "Nacos-Python-Client:v1.0",
                "Nacos-SDK-Java:v1.0",
                "Nacos-Nodejs-SDK:v1")) {
            assertThat(agents.listens(agent)).as(agent).isFalse();
        }
    }

    @Test
    void theLeastVersionIsASwitch() {
        Switches switches = new Switches(new PersistentStore());
        switches.setHere("pushJavaVersion", "2.0.0");

        assertThat(new PushAgents(switches).listens("Nacos-Java-Client:v1.4.6")).isFalse();
        assertThat(new PushAgents(switches).listens("Nacos-Java-Client:v2.0.0")).isTrue();
    }

    @Test
    void aSearchWordMayStandAnywhereAndAStarStandsForAnything() {
        assertThat(Patterns.containing(null).test("x")).isTrue();
        assertThat(Patterns.containing("bc").test("abcd")).isTrue();
        assertThat(Patterns.containing("b*d").test("abcd")).isTrue();
        assertThat(Patterns.containing("d*b").test("abcd")).isFalse();
        assertThat(Patterns.containing("*").test("")).isTrue();
        assertThat(Patterns.containing("[ab]").test("a")).isFalse();
        assertThat(Patterns.containing("a".repeat(1000)).test("a".repeat(2000))).isFalse();
    }

    @Test
    void aCheckerIsShownAsItWasGiven() {
        HealthCheck http =
                Checkers.parse("{\"type\":\"HTTP\",\"path\":\"/p\",\"headers\":\"a:b\",\"expectedResponseCode\":204}");

        assertThat(text(body -> Checkers.write(http, body)))
                .isEqualTo("{\"type\":\"HTTP\",\"path\":\"/p\",\"headers\":\"a:b\",\"expectedResponseCode\":204}");
        assertThat(text(body -> Checkers.write(HealthCheck.TCP, body))).isEqualTo("{\"type\":\"TCP\"}");
        assertThat(Checkers.parse("{\"type\":\"BOGUS\"}")).isEqualTo(HealthCheck.NONE);
        assertThatThrownBy(() -> Checkers.parse("not json")).hasMessage("json param invalid.");
    }

    @Test
    void thePasswordOfADatabaseCheckIsNeitherKeptNorShown() {
        HealthCheck mysql =
                Checkers.parse("{\"type\":\"MYSQL\",\"user\":\"u\",\"pwd\":\"secret\",\"cmd\":\"select 1\"}");

        assertThat(text(body -> Checkers.write(mysql, body)))
                .isEqualTo("{\"type\":\"MYSQL\",\"user\":null,\"pwd\":null,\"cmd\":null}");
    }

    @Test
    void aSelectorIsShownWithItsLabels() {
        Selector label = Selectors.parse(
                "{\"type\":\"label\",\"expression\":\"CONSUMER.label.A=PROVIDER.label.A & CONSUMER.label.B=1\"}");

        assertThat(text(body -> Selectors.write(label, body)))
                .isEqualTo(
                        "{\"type\":\"label\",\"expression\":\"CONSUMER.label.A=PROVIDER.label.A & CONSUMER.label.B=1\","
                                + "\"labels\":[\"A\",\"B\"],\"contextType\":\"CMDB\"}");
        assertThat(text(body -> Selectors.write(Selectors.parse(null), body)))
                .isEqualTo("{\"type\":\"none\",\"contextType\":\"NONE\"}");
        for (String malformed : List.of("{\"type\":\"bogus\"}", "x", "[]", "{}")) {
            assertThatThrownBy(() -> Selectors.parse(malformed))
                    .isInstanceOfSatisfying(
                            RegistryException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SELECTOR));
        }
    }

    @Test
    void aThresholdIsAnyFiniteNumber() {
        assertThat(Thresholds.parse("2")).isEqualTo(2f);
        assertThat(Thresholds.parseLeniently("abc")).isZero();
        assertThat(Thresholds.parseLeniently("NaN")).isZero();
        assertThatThrownBy(() -> Thresholds.parse("NaN")).hasMessage("For input string: \"NaN\"");
        assertThatThrownBy(() -> Thresholds.parse("1e99")).hasMessage("For input string: \"1e99\"");
    }

    @Test
    void pagesBeginAtOneAndEndWithTheList() {
        List<Integer> all = List.of(1, 2, 3);

        assertThat(CatalogBodies.page(all, 0, 2)).containsExactly(1, 2);
        assertThat(CatalogBodies.page(all, 2, 2)).containsExactly(3);
        assertThat(CatalogBodies.page(all, 99, 2)).isEmpty();
        assertThat(CatalogBodies.page(all, Integer.MAX_VALUE, Integer.MAX_VALUE))
                .isEmpty();
        assertThat(CatalogBodies.page(all, 1, -1)).isEmpty();
    }
}
