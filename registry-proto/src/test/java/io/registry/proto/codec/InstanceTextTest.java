package io.registry.proto.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.registry.api.model.Instance;
import io.registry.api.model.ServiceKey;
import io.registry.proto.json.InstanceJson;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** The text of one instance, read back. */
class InstanceTextTest {

    private static final ServiceKey ORDERS = new ServiceKey("public", "DEFAULT_GROUP", "orders");

    @Test
    void anInstanceIsReadAsItWasWritten() throws MalformedBodyException {
        Instance instance = Instance.builder("10.0.0.1", 80)
                .weight(0.1)
                .healthy(false)
                .enabled(false)
                .cluster("blue")
                .metadata("b", "\"1\"")
                .metadata("a", "")
                .build();

        Instance read = InstanceText.read(InstanceJson.encode(instance, ORDERS), ORDERS.groupedName());

        assertThat(read).isEqualTo(instance);
        assertThat(read.toString()).as("the order of metadata too").isEqualTo(instance.toString());
    }

    @Test
    void anIdOfItsOwnIsKept() throws MalformedBodyException {
        Instance instance = Instance.builder("10.0.0.1", 80).id("mine").build();

        assertThat(InstanceText.read(InstanceJson.encode(instance, ORDERS), ORDERS.groupedName()))
                .isEqualTo(instance);
    }

    @Test
    void whatIsNoInstanceIsRefused() {
        assertRefused("{\"ip\":\"10.0.0.1\",\"port\":80}{}", "more than one JSON value");
        assertRefused("{\"port\":80}", "ip: missing (expected: an address)");
        assertRefused("{\"ip\":\"10.0.0.1\",\"port\":65536}", "port: 65536 (expected: 0..65535)");
        assertRefused("[]", "(expected: an object)");
        assertRefused("", "");
    }

    private static void assertRefused(String text, String message) {
        assertThatThrownBy(() -> InstanceText.read(text.getBytes(StandardCharsets.UTF_8), ORDERS.groupedName()))
                .as(text)
                .isInstanceOf(MalformedBodyException.class)
                .hasMessageContaining(message);
    }
}
