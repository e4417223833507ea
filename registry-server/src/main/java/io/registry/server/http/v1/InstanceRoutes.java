package io.registry.server.http.v1;

import io.registry.api.model.Instance;
import io.registry.api.model.InstanceKey;
import io.registry.api.model.ServiceKey;
import io.registry.proto.json.Utf8Json;
import io.registry.server.core.operate.InstanceOperator;
import io.registry.server.core.persistent.InstancePatch;
import io.registry.server.core.persistent.Switches;
import io.registry.server.core.service.ServiceManager;
import io.registry.server.http.Access;
import io.registry.server.http.Answer;
import io.registry.server.http.Dialect;
import io.registry.server.http.HttpCall;
import io.registry.server.http.Routes;
import io.registry.server.http.Subject;
import io.registry.server.http.naming.FormInstances;
import io.registry.server.http.naming.InstanceBodies;
import io.registry.server.http.naming.Listing;
import io.registry.server.http.naming.MetadataBatch;

/** {@code /v1/ns/instance} and what is below it, but for beats. */
public final class InstanceRoutes {

    private static final String PATH = "/v1/ns/instance";

    private final InstanceOperator instances;
    private final ServiceManager services;
    private final Listing listing;
    private final MetadataBatch batch;
    private final InstanceReader reader;

    /** Makes the handlers. */
    public InstanceRoutes(InstanceOperator instances, ServiceManager services, Listing listing, Switches switches) {
        this.instances = instances;
        this.services = services;
        this.listing = listing;
        this.batch = new MetadataBatch(instances);
        this.reader = new InstanceReader(switches);
    }

    /** Adds the routes to a table. */
    public void addTo(Routes routes) {
        routes.add("POST", PATH, Access.register(Subject.SERVICE), Dialect.NAMING_V1, this::register)
                .add("DELETE", PATH, Access.register(Subject.SERVICE), Dialect.NAMING_V1, this::deregister)
                .add("PUT", PATH, Access.operate(Subject.SERVICE), Dialect.NAMING_V1, this::update)
                .add("PATCH", PATH, Access.operate(Subject.SERVICE), Dialect.NAMING_V1, this::patch)
                .add("GET", PATH, Access.discover(Subject.SERVICE), Dialect.NAMING_V1, this::detail)
                .add("GET", PATH + "/list", Access.discover(Subject.SERVICE), Dialect.NAMING_V1, this::list)
                .add(
                        "GET",
                        PATH + "/statuses",
                        Access.discover(InstanceBodies.STATUS_KEY),
                        Dialect.NAMING_V1,
                        this::statuses)
                .add(
                        "PUT",
                        PATH + "/metadata/batch",
                        Access.operate(Subject.SERVICE),
                        Dialect.NAMING_V1,
                        this::changeMetadata)
                .add(
                        "DELETE",
                        PATH + "/metadata/batch",
                        Access.operate(Subject.SERVICE),
                        Dialect.NAMING_V1,
                        this::changeMetadata);
    }

    private Answer register(HttpCall call) {
        V1Params params = new V1Params(call);
        ServiceKey service = params.service();
        Instance instance = reader.read(params);
        InstanceReader.checkGenerator(instance);
        call.await(instances.register(call.origin(), service, instance));
        return Answer.OK;
    }

    private Answer deregister(HttpCall call) {
        V1Params params = new V1Params(call);
        ServiceKey service = params.service();
        Instance instance = reader.read(params);
        call.await(instances.deregister(call.origin(), service, instance.ip(), instance.port(), instance.ephemeral()));
        return Answer.OK;
    }

    private Answer update(HttpCall call) {
        V1Params params = new V1Params(call);
        ServiceKey service = params.service();
        Instance instance = reader.read(params);
        call.await(
                instances.update(service, instance.key(), instance.weight(), instance.enabled(), instance.metadata()));
        return Answer.OK;
    }

    private Answer patch(HttpCall call) {
        V1Params params = new V1Params(call);
        ServiceKey service = params.service();
        InstanceKey instance = key(params);
        String enabled = params.text("enabled");
        InstancePatch patch = FormInstances.patch(
                params.text("weight"), enabled == null ? null : V1Params.isTrue(enabled), params.text("metadata"));
        call.await(instances.patch(service, instance, patch));
        return Answer.OK;
    }

    private Answer detail(HttpCall call) {
        V1Params params = new V1Params(call);
        ServiceKey service = params.service();
        InstanceKey key = key(params);
        Instance instance = instances.detail(service, key.ip(), key.port(), key.cluster());
        Utf8Json body = new Utf8Json(256);
        InstanceBodies.detail("service", service, instance, body);
        return Answer.json(body.toBytes());
    }

    private Answer list(HttpCall call) {
        V1Params params = new V1Params(call);
        return listing.answer(
                call,
                params.service(),
                params.text("clusters", ""),
                params.isExactlyTrue("healthyOnly", false),
                params.integer("udpPort", 0),
                params.text("app", ""));
    }

    private Answer statuses(HttpCall call) {
        ServiceKey service = InstanceBodies.statusKey(call, new V1Params(call).bound("key"));
        return Answer.json(InstanceBodies.statuses(services, service).toBytes());
    }

    private Answer changeMetadata(HttpCall call) {
        V1Params params = new V1Params(call);
        ServiceKey service = params.service();
        return Answer.json(
                batch.change(call, service, params.required("metadata")).toBytes());
    }

    private static InstanceKey key(V1Params params) {
        return new InstanceKey(params.required("ip"), params.requiredInteger("port"), params.cluster());
    }
}
