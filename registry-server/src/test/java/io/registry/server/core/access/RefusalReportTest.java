package io.registry.server.core.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RefusalReportTest {

    private final AtomicLong millis = new AtomicLong(1_000);
    private final RefusalReport report = new RefusalReport(millis::get);

    @Test
    void theSameIsOneLineAndTheMostFrequentIsFirst() {
        Resource orders = new Resource("public", "g", "orders");
        Resource carts = new Resource("public", "g", "carts");
        report.add(Principal.ANONYMOUS, "10.0.0.1", Rule.REGISTER, orders, "no");
        report.add(Principal.user("alice"), "10.0.0.1", Rule.DISCOVER, carts, "no");
        millis.set(2_000);
        report.add(Principal.user("alice"), "10.0.0.1", Rule.DISCOVER, carts, "no");

        assertThat(report.lines())
                .containsExactly(
                        new RefusalReport.Line("alice", "10.0.0.1", Rule.DISCOVER, carts, "no", 2, 2_000),
                        new RefusalReport.Line("", "10.0.0.1", Rule.REGISTER, orders, "no", 1, 1_000));
    }

    @Test
    void whatComesWhenItIsFullIsCountedOnly() {
        for (int i = 0; i < 1_100; i++) {
            report.add(Principal.ANONYMOUS, "10.0.0.1", Rule.REGISTER, new Resource("public", "g", "s" + i), "no");
        }

        assertThat(report.lines()).hasSize(1_000);
        assertThat(report.count()).isEqualTo(1_100);
        assertThat(report.unlisted()).isEqualTo(100);
        report.clear();
        assertThat(report.lines()).isEmpty();
        assertThat(report.unlisted()).isZero();
        assertThat(report.count()).isEqualTo(1_100);
    }

    @Test
    void whoIsToldToWaitIsOneLineHoweverLong() {
        Resource orders = new Resource("public", "g", "orders");
        for (int i = 1; i <= 6; i++) {
            report.add(Principal.ANONYMOUS, "10.0.0.1", Rule.REGISTER, orders, "too often, try again in " + i + " s");
        }

        assertThat(report.lines())
                .containsExactly(new RefusalReport.Line(
                        "", "10.0.0.1", Rule.REGISTER, orders, "too often, try again in some s", 6, 1_000));
    }

    @Test
    void longNamesAreCutShort() {
        report.add(
                Principal.ANONYMOUS,
                "10.0.0.1",
                Rule.REGISTER,
                new Resource("n".repeat(10_000), "g".repeat(10_000), "s".repeat(10_000)),
                "no");

        assertThat(report.lines().get(0).resource().toString()).hasSizeLessThan(500);
    }
}
