package io.registry.server.http.ops;

import io.registry.api.error.ErrorCode;
import io.registry.api.error.RegistryException;
import io.registry.api.model.ServiceKey;
import io.registry.distro.model.ClientId;
import io.registry.distro.model.Stamp;
import io.registry.proto.json.Utf8Json;
import io.registry.server.core.client.InstanceBytes;
import io.registry.server.core.client.Publication;
import io.registry.server.core.cluster.ServiceRecords;
import io.registry.server.core.operate.ServiceRepair;
import io.registry.server.core.operate.ServiceVerification;
import io.registry.server.core.service.ServiceManager;
import io.registry.server.http.Access;
import io.registry.server.http.Answer;
import io.registry.server.http.Dialect;
import io.registry.server.http.Envelope;
import io.registry.server.http.FormParams;
import io.registry.server.http.HttpCall;
import io.registry.server.http.HttpErrors;
import io.registry.server.http.Routes;
import io.registry.server.http.Subject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Whether all members have the same records of a service, and what they do about it. The paths are this project's own. */
public final class VerifyRoutes {

    private static final String PATH = "/v3/admin/core/cluster/distro/service";

    /** So many of anything are listed in an answer; how many there are is said. */
    private static final int LISTED_MAX = 1_000;

    private final ServiceRepair repair;
    private final ServiceManager services;

    /** Makes the handlers. */
    public VerifyRoutes(ServiceRepair repair, ServiceManager services) {
        this.repair = repair;
        this.services = services;
    }

    /** Adds the routes to a table. */
    public void addTo(Routes routes) {
        routes.add("GET", PATH + "/verify", Access.inspect(Subject.SERVICE), Dialect.ENVELOPE, this::verify)
                .add("POST", PATH + "/repair", Access.operate(Subject.SERVICE), Dialect.ENVELOPE, this::repair);
    }

    private Answer verify(HttpCall call) {
        ServiceKey service = new FormParams(call).argumentService();
        ServiceVerification found = call.await(repair.verify(service));
        Utf8Json body = new Utf8Json(1024).beginObject();
        write(found, body);
        writeHidden(services.hidden(service), body);
        writeOrphans(call.await(repair.orphans(service)), body);
        return Envelope.success(body.endObject());
    }

    private Answer repair(HttpCall call) {
        ServiceKey service = new FormParams(call).argumentService();
        ServiceRepair.Repaired repaired;
        try {
            repaired = call.await(repair.repair(service));
        } catch (RegistryException e) {
            if (e.code() == ErrorCode.ILLEGAL_STATE) {
                return HttpErrors.answer(Dialect.ENVELOPE, 409, e.code(), e.getMessage());
            }
            throw e;
        }
        Utf8Json body = new Utf8Json(1024)
                .beginObject()
                .field("differed", repaired.before().differing().size())
                .name("asked")
                .beginArray();
        for (ServiceRepair.Asked asked : repaired.asked()) {
            body.beginObject()
                    .field("id", asked.member().id().value())
                    .field("address", asked.member().http());
            if (asked.problem().isEmpty()) {
                body.field("result", "asked").field("members", asked.owners());
            } else {
                body.field("result", "could not be told").field("reason", asked.problem());
            }
            body.endObject();
        }
        body.endArray().name("after").beginObject();
        write(repaired.after(), body);
        return Envelope.success(body.endObject().endObject());
    }

    private static void write(ServiceVerification found, Utf8Json body) {
        body.field("equal", found.isEqual()).name("members").beginArray();
        for (ServiceVerification.Told told : found.members()) {
            ServiceRecords records = told.records();
            body.beginObject()
                    .field("id", told.member().id().value())
                    .field("address", told.member().http());
            if (records == null) {
                body.field("result", "could not be asked").field("reason", told.problem());
            } else {
                body.field("result", "answered")
                        .field("records", records.count())
                        .field("orphans", records.orphans())
                        .field("hidden", records.hidden() ? records.count() : 0);
            }
            body.endObject();
        }
        List<ServiceVerification.Difference> differences = found.differences();
        body.endArray()
                .field("differingBuckets", found.differing().size())
                .field("lookedAtBuckets", found.looked().size())
                .field("differences", differences.size())
                .name("differing")
                .beginArray();
        differences.subList(0, Math.min(LISTED_MAX, differences.size())).forEach(each -> write(each, body));
        body.endArray();
    }

    private static void write(ServiceVerification.Difference difference, Utf8Json body) {
        ServiceRecords.Entry newest = difference.newest();
        Stamp stamp = newest.stamp();
        body.beginObject()
                .field("client", newest.client().value())
                .field("owner", newest.owner().value())
                .field("ownerIncarnation", newest.ownerIncarnation())
                .field("instances", newest.instances())
                .field("told", stamp.told())
                .field("heard", stamp.heard())
                .field("lapse", stamp.lapse())
                .name("members")
                .beginArray();
        difference
                .members()
                .forEach((node, has) -> body.beginObject()
                        .field("id", node.value())
                        .field("has", has.name().toLowerCase(Locale.ROOT))
                        .endObject());
        body.endArray().endObject();
    }

    private static void writeHidden(Map<ClientId, Publication> hidden, Utf8Json body) {
        body.field("hidden", hidden.size()).name("hiddenPublications").beginArray();
        List<ClientId> clients = new ArrayList<>(hidden.keySet());
        for (ClientId client : clients.subList(0, Math.min(LISTED_MAX, clients.size()))) {
            Publication publication = hidden.get(client);
            List<InstanceBytes> instances = publication == null ? List.of() : publication.instances();
            body.beginObject().field("client", client.value()).name("instances").beginArray();
            for (InstanceBytes instance : instances.subList(0, Math.min(LISTED_MAX, instances.size()))) {
                body.value(instance.instance().address());
            }
            body.endArray().endObject();
        }
        body.endArray();
    }

    private static void writeOrphans(List<ClientId> orphans, Utf8Json body) {
        body.field("orphans", orphans.size()).name("orphanClients").beginArray();
        orphans.subList(0, Math.min(LISTED_MAX, orphans.size())).forEach(client -> body.value(client.value()));
        body.endArray();
    }
}
