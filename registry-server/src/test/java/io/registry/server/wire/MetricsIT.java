package io.registry.server.wire;

import static io.registry.server.wire.WireAssert.ok;
import static org.assertj.core.api.Assertions.assertThat;

import io.registry.server.testkit.RegistryProcess;
import org.junit.jupiter.api.Test;

/** What a node tells of itself, and that discovery for Prometheus can be switched off. */
class MetricsIT {

    @Test
    void figuresFollowWhatClientsDoAndDiscoveryIsOffWhereItIsSetSo() {
        try (RegistryProcess server = RegistryProcess.start("--registry.prometheus-sd.enabled=false");
                Naming client = Naming.on(server.port())) {
            Http http = new Http(server);
            ok("InstanceResponse", client.register("orders", "192.0.2.7", 80));
            client.connection().request(new byte[] {0x1a, 0x00});

            assertThat(http.send("GET", "/actuator/prometheus").lines())
                    .contains(
                            "registry_grpc_requests_total{type=\"InstanceRequest\"} 1.0",
                            "registry_grpc_rejections_total{reason=\"unknown-type\"} 1.0",
                            "registry_grpc_events_total{event=\"setup\"} 1.0",
                            "registry_instances 1.0",
                            "registry_connections 1.0",
                            "nacos_monitor{module=\"naming\",name=\"ipCount\"} 1.0");
            assertThat(http.exchange("GET", "/prometheus").statusCode()).isEqualTo(404);
        }
    }
}
