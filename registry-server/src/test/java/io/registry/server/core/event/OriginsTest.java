package io.registry.server.core.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.registry.api.model.ServiceKey;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Who has asked for what the log applies. */
class OriginsTest {

    private static final ServiceKey ORDERS = new ServiceKey("public", "DEFAULT_GROUP", "orders");
    private static final String ADDRESS = "10.0.0.1:80";

    @Test
    void theSecondOfTwoEqualCallersIsKnownWhenTheFirstIsDone() {
        Origins origins = new Origins();
        CompletableFuture<@Nullable Void> first = new CompletableFuture<>();
        CompletableFuture<@Nullable Void> second = new CompletableFuture<>();
        var unused = origins.proposing(caller(), ORDERS, ADDRESS, () -> first);
        var unusedToo = origins.proposing(caller(), ORDERS, ADDRESS, () -> second);

        first.complete(null);
        assertThat(origins.proposed(ORDERS, ADDRESS)).isEqualTo(caller());

        second.complete(null);
        assertThat(origins.proposed(ORDERS, ADDRESS)).isNull();
    }

    private static Origin caller() {
        return Origin.of(Origin.Protocol.HTTP, "10.0.0.9");
    }
}
