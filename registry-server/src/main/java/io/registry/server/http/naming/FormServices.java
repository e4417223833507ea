package io.registry.server.http.naming;

import io.registry.api.model.Instance;
import io.registry.api.model.ServiceKey;
import io.registry.proto.json.Utf8Json;
import io.registry.server.core.operate.ServiceOperator;
import io.registry.server.core.persistent.ClusterConfig;
import io.registry.server.core.persistent.HealthCheck;
import io.registry.server.core.persistent.ServiceMetadata;
import io.registry.server.core.service.ServiceView;
import io.registry.server.http.Answer;
import io.registry.server.http.Envelope;
import io.registry.server.http.FormParams;
import io.registry.server.http.HttpCall;
import io.registry.server.http.MetadataText;

/** The calls about services, clusters and health that v2 and v3 have in common. */
public final class FormServices {

    private final ServiceOperator services;

    /** Makes the calls. */
    public FormServices(ServiceOperator services) {
        this.services = services;
    }

    /** Creates a service; a persistent one, unless the form says otherwise. */
    public Answer create(HttpCall call) {
        FormParams params = new FormParams(call);
        ServiceKey service = params.service();
        call.await(services.create(service, metadata(params)));
        return Envelope.OK;
    }

    /** Replaces what is said about a service. */
    public Answer update(HttpCall call) {
        FormParams params = new FormParams(call);
        ServiceKey service = params.service();
        call.await(services.update(service, metadata(params)));
        return Envelope.OK;
    }

    private static ServiceMetadata metadata(FormParams params) {
        String threshold = params.text("protectThreshold");
        return new ServiceMetadata(
                params.truth("ephemeral", false),
                threshold == null ? 0 : Thresholds.parse(threshold),
                MetadataText.parse(params.text("metadata")),
                Selectors.parse(params.text("selector")));
    }

    /** Deletes a service without instances. */
    public Answer delete(HttpCall call) {
        call.await(services.delete(new FormParams(call).argumentService()));
        return Envelope.OK;
    }

    /**
     * Shows a service.
     *
     * @param namespaceName what this version calls the namespace
     */
    public Answer detail(HttpCall call, String namespaceName) {
        ServiceView view = services.detail(new FormParams(call).argumentService());
        Utf8Json body = new Utf8Json(512)
                .beginObject()
                .field(namespaceName, view.key().namespace())
                .field("serviceName", view.key().name())
                .field("groupName", view.key().group())
                .name("clusterMap")
                .beginObject();
        for (String cluster : CatalogBodies.clusters(view)) {
            ClusterConfig config = view.cluster(cluster);
            body.name(cluster).beginObject().field("clusterName", cluster).name("healthChecker");
            Checkers.write(config.check(), body);
            body.field("metadata", config.metadata())
                    .field("hosts", (String) null)
                    .endObject();
        }
        body.endObject();
        CatalogBodies.settings(view, body, "metadata", "protectThreshold", "selector");
        return Envelope.success(body.field("ephemeral", view.ephemeral()).endObject());
    }

    /** Sets how the health of a cluster's instances is judged. */
    public Answer updateCluster(HttpCall call) {
        FormParams params = new FormParams(call);
        ServiceKey service = params.service();
        String cluster = params.required("clusterName");
        int checkPort = params.requiredInteger("checkPort");
        boolean useInstancePort = params.requiredTruth("useInstancePort4Check");
        HealthCheck check = Checkers.parse(params.required("healthChecker"));
        call.await(services.updateCluster(
                service,
                cluster,
                new ClusterConfig(checkPort, useInstancePort, check, MetadataText.parse(params.text("metadata")))));
        return Envelope.OK;
    }

    /** Sets the health of an instance by hand. */
    public Answer setHealth(HttpCall call) {
        FormParams params = new FormParams(call);
        ServiceKey service = params.service();
        String ip = params.required("ip");
        int port = params.requiredInteger("port");
        boolean healthy = params.requiredTruth("healthy");
        String cluster = params.text("clusterName", Instance.DEFAULT_CLUSTER);
        call.await(services.setHealth(call.origin(), service, ip, port, cluster, healthy));
        return Envelope.OK;
    }
}
