package io.registry.server.http.v2;

import io.registry.api.model.Instance;
import io.registry.api.model.InstanceKey;
import io.registry.api.model.ServiceKey;
import io.registry.proto.json.Utf8Json;
import io.registry.server.core.operate.InstanceOperator;
import io.registry.server.core.persistent.InstancePatch;
import io.registry.server.core.service.ServiceManager;
import io.registry.server.http.Access;
import io.registry.server.http.Answer;
import io.registry.server.http.Dialect;
import io.registry.server.http.Envelope;
import io.registry.server.http.FormParams;
import io.registry.server.http.HttpCall;
import io.registry.server.http.Numbers;
import io.registry.server.http.Routes;
import io.registry.server.http.ServiceNames;
import io.registry.server.http.Subject;
import io.registry.server.http.naming.Beating;
import io.registry.server.http.naming.FormInstances;
import io.registry.server.http.naming.InstanceBodies;
import io.registry.server.http.naming.Listing;
import io.registry.server.http.naming.MetadataBatch;

/** {@code /v2/ns/instance} and what is below it. */
public final class InstanceRoutes {

    private static final String PATH = "/v2/ns/instance";

    private final InstanceOperator instances;
    private final ServiceManager services;
    private final Listing listing;
    private final Beating beating;
    private final FormInstances forms;
    private final MetadataBatch batch;

    /** Makes the handlers. */
    public InstanceRoutes(
            InstanceOperator instances,
            ServiceManager services,
            Listing listing,
            Beating beating,
            FormInstances forms) {
        this.instances = instances;
        this.services = services;
        this.listing = listing;
        this.beating = beating;
        this.forms = forms;
        this.batch = new MetadataBatch(instances);
    }

    /** Adds the routes to a table. */
    public void addTo(Routes routes) {
        routes.add("POST", PATH, Access.register(Subject.SERVICE), Dialect.ENVELOPE, forms::register)
                .add("DELETE", PATH, Access.register(Subject.SERVICE), Dialect.ENVELOPE, forms::deregister)
                .add("PUT", PATH, Access.operate(Subject.SERVICE), Dialect.ENVELOPE, forms::update)
                .add("PATCH", PATH, Access.operate(Subject.SERVICE), Dialect.ENVELOPE, this::patch)
                .add("GET", PATH, Access.discover(Subject.SERVICE), Dialect.ENVELOPE, this::detail)
                .add("GET", PATH + "/list", Access.discover(Subject.SERVICE), Dialect.ENVELOPE, this::list)
                .add("PUT", PATH + "/beat", Access.register(Subject.SERVICE), Dialect.ENVELOPE, this::beat)
                .add(
                        "PUT",
                        PATH + "/metadata/batch",
                        Access.operate(Subject.SERVICE),
                        Dialect.ENVELOPE,
                        this::changeMetadata)
                .add(
                        "DELETE",
                        PATH + "/metadata/batch",
                        Access.operate(Subject.SERVICE),
                        Dialect.ENVELOPE,
                        this::changeMetadata)
                .add(
                        "GET",
                        PATH + "/statuses/{}",
                        Access.discover(InstanceBodies.STATUS_SEGMENT),
                        Dialect.ENVELOPE,
                        this::statuses);
    }

    /** All of it is required here, and the answer is the bare word. */
    private Answer patch(HttpCall call) {
        FormParams params = new FormParams(call);
        String serviceName = params.argument("serviceName");
        String ip = params.argument("ip");
        String cluster = params.text("cluster", Instance.DEFAULT_CLUSTER);
        int port = Numbers.integer(params.argument("port", "Integer"));
        String weight = params.argument("weight", "Double");
        boolean enabled = params.truthOf("enabled", params.argument("enabled", "Boolean"));
        String metadata = params.argument("metadata");
        ServiceKey service = ServiceNames.grouped(params.namespace(), serviceName);
        InstancePatch patch = FormInstances.patch(weight, enabled, metadata);
        call.await(instances.patch(service, new InstanceKey(ip, port, cluster), patch));
        return Answer.OK;
    }

    private Answer detail(HttpCall call) {
        FormParams params = new FormParams(call);
        ServiceKey service = params.argumentService();
        Instance instance = instances.detail(
                service,
                params.argument("ip"),
                Numbers.integer(params.argument("port", "Integer")),
                params.text("clusterName", Instance.DEFAULT_CLUSTER));
        Utf8Json body = new Utf8Json(256);
        InstanceBodies.detail("serviceName", service, instance, body);
        return Envelope.success(body);
    }

    private Answer list(HttpCall call) {
        FormParams params = new FormParams(call);
        return Envelope.success(listing.answer(
                call,
                params.argumentService(),
                params.text("clusterName", ""),
                params.truth("healthyOnly", false),
                params.integer("port", 0),
                params.text("app", "")));
    }

    private Answer beat(HttpCall call) {
        FormParams params = new FormParams(call);
        ServiceKey service = ServiceNames.grouped(params.namespace(), params.argument("serviceName"));
        return beating.answer(
                call,
                service,
                params.text("ip", ""),
                params.integer("port", 0),
                params.text("clusterName", Instance.DEFAULT_CLUSTER),
                params.text("beat"));
    }

    private Answer changeMetadata(HttpCall call) {
        FormParams params = new FormParams(call);
        return Envelope.success(batch.change(call, params.service(), params.required("metadata")));
    }

    private Answer statuses(HttpCall call) {
        return Answer.json(InstanceBodies.statuses(services, InstanceBodies.statusKey(call, call.segment(4)))
                .toBytes());
    }
}
