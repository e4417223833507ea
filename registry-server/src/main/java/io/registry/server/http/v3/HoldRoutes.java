package io.registry.server.http.v3;

import io.registry.api.model.Instance;
import io.registry.api.model.ServiceKey;
import io.registry.proto.json.Utf8Json;
import io.registry.server.core.loss.Hold;
import io.registry.server.core.operate.HoldOperator;
import io.registry.server.http.Access;
import io.registry.server.http.Answer;
import io.registry.server.http.Dialect;
import io.registry.server.http.Envelope;
import io.registry.server.http.FormParams;
import io.registry.server.http.HttpCall;
import io.registry.server.http.PageBody;
import io.registry.server.http.Routes;
import io.registry.server.http.Subject;
import io.registry.server.http.naming.CatalogBodies;
import java.util.List;
import java.util.Locale;

/**
 * {@code /v3/admin/ns/hold}: the losses that the node which is asked holds back. The paths are this project's own.
 */
public final class HoldRoutes {

    private static final String PATH = "/v3/admin/ns/hold";
    private static final int PAGE_SIZE_MAX = 500;

    /** So many instances of one hold are shown; their number is, too. */
    private static final int INSTANCES_MAX = 1_000;

    private final HoldOperator holds;

    /** Makes the handlers. */
    public HoldRoutes(HoldOperator holds) {
        this.holds = holds;
    }

    /** Adds the routes to a table. */
    public void addTo(Routes routes) {
        routes.add("GET", PATH + "/list", Access.inspect(Subject.SERVICE_OR_ALL), Dialect.ENVELOPE, this::list)
                .add("DELETE", PATH, Access.operate(Subject.SERVICE), Dialect.ENVELOPE, this::letGo);
    }

    private Answer list(HttpCall call) {
        FormParams params = new FormParams(call);
        int page = PageBody.positive(params, "pageNo", 1);
        int size = Math.min(PAGE_SIZE_MAX, PageBody.positive(params, "pageSize", 100));
        ServiceKey one = params.text("serviceName") == null ? null : params.service();
        String namespace = params.text("namespaceId");
        List<Hold> found = call.await(holds.list()).stream()
                .filter(hold -> one == null
                        ? namespace == null || hold.service().namespace().equals(namespace)
                        : hold.service().equals(one))
                .toList();
        Utf8Json body = PageBody.begin(found.size(), page, size);
        CatalogBodies.page(found, page, size).forEach(hold -> write(hold, one != null, body));
        return Envelope.success(PageBody.end(body));
    }

    private static void write(Hold hold, boolean instances, Utf8Json body) {
        body.beginObject()
                .field("namespaceId", hold.service().namespace())
                .field("groupName", hold.service().group())
                .field("serviceName", hold.service().name())
                .field("held", hold.lost().size())
                .field("living", hold.living())
                .field("addresses", hold.addresses())
                .field("sinceMillis", hold.sinceMillis())
                .field("endsInMillis", hold.endsInMillis());
        if (instances) {
            body.name("instances").beginArray();
            for (Hold.Lost lost :
                    hold.lost().subList(0, Math.min(INSTANCES_MAX, hold.lost().size()))) {
                Instance instance = lost.instance();
                body.beginObject()
                        .field("ip", instance.ip())
                        .field("port", instance.port())
                        .field("clusterName", instance.cluster())
                        .field("healthy", instance.healthy())
                        .field("cause", lost.cause().name().toLowerCase(Locale.ROOT))
                        .endObject();
            }
            body.endArray();
        }
        body.endObject();
    }

    private Answer letGo(HttpCall call) {
        FormParams params = new FormParams(call);
        int gone = call.await(holds.letGo(params.service()));
        return Envelope.success(new Utf8Json(8).value(gone));
    }
}
