package io.registry.server.core.loss;

import static io.registry.server.core.CoreFixture.instance;
import static io.registry.server.core.CoreFixture.service;
import static org.assertj.core.api.Assertions.assertThat;

import io.registry.api.model.Instance;
import io.registry.api.model.ServiceKey;
import io.registry.server.core.CoreFixture;
import io.registry.server.core.CoreFixture.Receiver;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/** A core with a service, and who publishes in it: client number i at 10.0.0.(100+i):80. */
@SuppressWarnings("FutureReturnValueIgnored") // on manual time every stage is complete when the call returns
abstract class Publishers {

    static final Duration MILLI = Duration.ofMillis(1);
    static final Duration SECOND = Duration.ofSeconds(1);
    static final Duration WINDOW = LossGuardConfig.defaults().window();
    static final Duration HOLD = LossGuardConfig.defaults().hold();

    final CoreFixture core = new CoreFixture();
    final ServiceKey orders = service("orders");
    final List<Receiver> clients = new ArrayList<>();

    final void register(int count) {
        for (int i = 0; i < count; i++) {
            registerAt("client" + i, instance("10.0.0." + (100 + i), 80));
        }
    }

    final void registerAt(String id, Instance instance) {
        Receiver client = core.connect(id);
        core.operators.connections().register(CoreFixture.CALLER, client.client, orders, instance);
        clients.add(client);
    }

    final void lose(int from, int to) {
        clients.subList(from, to).forEach(each -> core.operators.connections().gone(each.client, false));
    }

    final void deregister(int from, int to) {
        for (Receiver each : clients.subList(from, to)) {
            core.operators.connections().deregister(CoreFixture.CALLER, each.client, orders);
            core.operators.connections().gone(each.client, false);
        }
    }

    final int letGo() {
        return core.loop.call(() -> core.guard.letGo(orders)).join();
    }

    static long begun(CoreFixture core, String cause) {
        return Objects.requireNonNull(core.guard.begun().get(cause)).sum();
    }

    final String hosts() {
        return new String(core.services.viewOrAbsent(orders).payload("", false).hosts(), StandardCharsets.UTF_8);
    }

    final double weightOfFirst() {
        Instance first = core.services.viewOrAbsent(orders).instance("10.0.0.100", 80, "DEFAULT");
        return first == null ? Double.NaN : first.weight();
    }

    static String address(int i) {
        return "10.0.0." + (100 + i) + ":80";
    }

    static List<String> addresses(int from, int to) {
        return IntStream.range(from, to).mapToObj(Publishers::address).toList();
    }

    final void assertNothingIsHeld() {
        assertThat(core.guard.list()).isEmpty();
        assertThat(core.guard.held()).isZero();
        assertThat(core.guard.holds()).isZero();
    }
}
