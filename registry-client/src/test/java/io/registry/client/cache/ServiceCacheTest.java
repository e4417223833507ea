package io.registry.client.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.registry.api.model.Instance;
import io.registry.api.model.ServiceKey;
import io.registry.proto.codec.MalformedBodyException;
import io.registry.proto.codec.ServerDecoder;
import io.registry.proto.payload.WireService;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ServiceCacheTest {

    private static final ServiceKey ORDERS = new ServiceKey("public", "G", "orders");

    private final List<Runnable> later = new ArrayList<>();
    private final List<ServiceView> changes = new ArrayList<>();
    private final ServiceCache cache =
            new ServiceCache("public", false, (delay, task) -> later.add(task), changes::add);
    private final Object first = new Object();
    private final Object second = new Object();
    private final Object third = new Object();

    private WireService service(long time, String... ips) {
        StringBuilder hosts = new StringBuilder();
        for (String ip : ips) {
            hosts.append(hosts.isEmpty() ? "" : ",")
                    .append("{\"ip\":\"")
                    .append(ip)
                    .append("\",\"port\":80,\"weight\":1.0,\"healthy\":true,\"enabled\":true,\"ephemeral\":true}");
        }
        String body =
                "{\"name\":\"orders\",\"groupName\":\"G\",\"hosts\":[" + hosts + "],\"lastRefTime\":" + time + "}";
        try {
            return ServerDecoder.httpService(body.getBytes(StandardCharsets.UTF_8), cache);
        } catch (MalformedBodyException e) {
            throw new IllegalStateException(e);
        }
    }

    private List<String> known() {
        ServiceView view = cache.view(ORDERS);
        return view == null
                ? List.of()
                : view.instances().stream().map(Instance::ip).toList();
    }

    private void timePasses() {
        List<Runnable> due = List.copyOf(later);
        later.clear();
        due.forEach(Runnable::run);
    }

    @Test
    void aNewConnectionsWordThatNobodyIsLeftIsHeldBack() {
        cache.answered(first, service(5, "10.0.0.1"));

        cache.answered(second, service(1));
        assertThat(known()).containsExactly("10.0.0.1");
        timePasses();

        assertThat(known()).isEmpty();
    }

    @Test
    void whoComesBackMeanwhileWasNeverAway() {
        cache.answered(first, service(5, "10.0.0.1"));
        cache.answered(second, service(1));
        cache.accept(second, service(2, "10.0.0.1"), false);
        timePasses();

        assertThat(known()).containsExactly("10.0.0.1");
        assertThat(changes).allSatisfy(view -> assertThat(view.instances()).hasSize(1));
    }

    @Test
    void aServerThatSaysItByItselfIsBelievedAtOnce() {
        cache.answered(first, service(5, "10.0.0.1"));
        cache.answered(second, service(1));
        cache.accept(second, service(2), false);

        assertThat(known()).isEmpty();
    }

    @Test
    void theWordOfAConnectionThatIsLeftDoesNotCount() {
        cache.answered(first, service(5, "10.0.0.1"));
        cache.answered(second, service(1));
        List<Runnable> ofSecond = List.copyOf(later);
        later.clear();
        cache.answered(third, service(1));
        ofSecond.forEach(Runnable::run);
        assertThat(known()).containsExactly("10.0.0.1");
        timePasses();

        assertThat(known()).isEmpty();
    }

    @Test
    void onTheSameConnectionAnEmptyAnswerCounts() {
        cache.answered(first, service(5, "10.0.0.1"));
        cache.answered(first, service(6));

        assertThat(known()).isEmpty();
    }

    @Test
    void aNewConnectionsListCountsWhateverItsAge() {
        cache.answered(first, service(5, "10.0.0.1", "10.0.0.2"));
        cache.answered(second, service(1, "10.0.0.2"));

        assertThat(known()).containsExactly("10.0.0.2");
    }

    @Test
    void onOneConnectionWhatIsOlderIsDropped() {
        cache.answered(first, service(5, "10.0.0.1"));
        cache.accept(first, service(4, "10.0.0.2"), false);

        assertThat(known()).containsExactly("10.0.0.1");
    }
}
