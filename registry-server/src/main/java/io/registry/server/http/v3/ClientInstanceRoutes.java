package io.registry.server.http.v3;

import io.registry.api.model.Instance;
import io.registry.api.model.ServiceKey;
import io.registry.server.core.operate.BeatAnswer;
import io.registry.server.core.operate.InstanceOperator;
import io.registry.server.core.service.ServiceManager;
import io.registry.server.http.Access;
import io.registry.server.http.Answer;
import io.registry.server.http.Dialect;
import io.registry.server.http.Envelope;
import io.registry.server.http.FormParams;
import io.registry.server.http.HttpCall;
import io.registry.server.http.Routes;
import io.registry.server.http.Subject;
import io.registry.server.http.naming.FormInstances;

/** {@code /v3/client/ns/instance}: what applications call that have no SDK. */
public final class ClientInstanceRoutes {

    private static final String PATH = "/v3/client/ns/instance";
    private static final byte[] BEGIN = {'['};
    private static final byte[] END = {']'};

    private final FormInstances forms;
    private final InstanceOperator beats;
    private final ServiceManager services;

    /** Makes the handlers. */
    public ClientInstanceRoutes(FormInstances forms, InstanceOperator beats, ServiceManager services) {
        this.forms = forms;
        this.beats = beats;
        this.services = services;
    }

    /** Adds the routes to a table. */
    public void addTo(Routes routes) {
        routes.add("POST", PATH, Access.register(Subject.SERVICE), Dialect.ENVELOPE, this::register)
                .add("DELETE", PATH, Access.register(Subject.SERVICE), Dialect.ENVELOPE, forms::deregister)
                .add("GET", PATH + "/list", Access.discover(Subject.SERVICE), Dialect.ENVELOPE, this::list);
    }

    private Answer register(HttpCall call) {
        FormParams params = new FormParams(call);
        if (!params.truth("heartBeat", false)) {
            return forms.register(call);
        }
        ServiceKey service = params.service();
        BeatAnswer answer = call.await(
                beats.beat(call.origin(), service, params.required("ip"), params.requiredInteger("port"), null));
        return answer.code() == BeatAnswer.HEARD
                ? Envelope.OK
                : Envelope.error(200, Envelope.Code.INSTANCE_NOT_FOUND, null);
    }

    private Answer list(HttpCall call) {
        FormParams params = new FormParams(call);
        ServiceKey service = params.service();
        byte[] hosts = services.viewOrAbsent(service)
                .payload(params.text("clusterName", Instance.DEFAULT_CLUSTER), params.truth("healthyOnly", false))
                .hosts();
        return Envelope.success(Answer.json(BEGIN, hosts, END));
    }
}
