package io.registry.server.http.ops;

import io.registry.api.error.ErrorCode;
import io.registry.api.error.RegistryException;
import io.registry.api.model.Instance;
import io.registry.api.model.ServiceKey;
import io.registry.distro.model.ClientId;
import io.registry.proto.json.Utf8Json;
import io.registry.server.core.client.ConnectionDetails;
import io.registry.server.core.operate.ClientCatalog;
import io.registry.server.core.push.PushService;
import io.registry.server.core.service.ReferenceTime;
import io.registry.server.http.Access;
import io.registry.server.http.Answer;
import io.registry.server.http.Dialect;
import io.registry.server.http.Envelope;
import io.registry.server.http.FormParams;
import io.registry.server.http.HttpCall;
import io.registry.server.http.Routes;
import io.registry.server.http.Subject;
import io.registry.server.http.naming.SubscriberList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who publishes and who subscribes, client by client, in v2 and v3. */
public final class ClientRoutes {

    private static final String V2 = "/v2/ns/client";
    private static final String V3 = "/v3/admin/ns/client";

    private final ClientCatalog clients;
    private final PushService pushes;
    private final SubscriberList subscribers;
    private final ReferenceTime time;

    /** Makes the handlers. */
    public ClientRoutes(ClientCatalog clients, PushService pushes, SubscriberList subscribers, ReferenceTime time) {
        this.clients = clients;
        this.pushes = pushes;
        this.subscribers = subscribers;
        this.time = time;
    }

    /** Adds the routes to a table. */
    public void addTo(Routes routes) {
        for (String base : new String[] {V2, V3}) {
            boolean v3 = base.equals(V3);
            routes.add(
                            "GET",
                            base + "/list",
                            Access.inspect(Subject.ALL),
                            Dialect.ENVELOPE,
                            call -> Envelope.success(new Utf8Json(1024).value(clients.ids())))
                    .add(
                            "GET",
                            base,
                            Access.inspect(Subject.ALL),
                            Dialect.ENVELOPE,
                            call -> v3 ? detailV3(call) : detailV2(call))
                    .add(
                            "GET",
                            base + "/publish/list",
                            Access.inspect(Subject.ALL),
                            Dialect.ENVELOPE,
                            call -> published(call, v3))
                    .add(
                            "GET",
                            base + "/subscribe/list",
                            Access.inspect(Subject.ALL),
                            Dialect.ENVELOPE,
                            call -> subscribed(call, v3))
                    .add(
                            "GET",
                            base + "/service/publisher/list",
                            Access.inspect(Subject.SERVICE),
                            Dialect.ENVELOPE,
                            call -> publishers(call, v3))
                    .add(
                            "GET",
                            base + "/service/subscriber/list",
                            Access.inspect(Subject.SERVICE),
                            Dialect.ENVELOPE,
                            this::subscribersOf);
        }
    }

    private ClientCatalog.Summary found(HttpCall call) {
        String id = new FormParams(call).argument("clientId");
        ClientCatalog.Summary client = clients.find(id);
        if (client == null) {
            throw new RegistryException(ErrorCode.NOT_FOUND, "clientId [ " + id + " ] not exist");
        }
        return client;
    }

    private Answer detailV2(HttpCall call) {
        ClientCatalog.Summary client = found(call);
        ConnectionDetails connection = client.connection();
        Utf8Json body = common(client);
        if (connection != null) {
            body.field("connectType", "GRPC")
                    .field("appName", connection.appName())
                    .field("version", connection.version());
        }
        return Envelope.success(body.field("clientIp", client.ip())
                .field("clientPort", Integer.toString(client.port()))
                .endObject());
    }

    private Answer detailV3(HttpCall call) {
        ClientCatalog.Summary client = found(call);
        ConnectionDetails connection = client.connection();
        return Envelope.success(common(client)
                .field("connectType", connection == null ? null : "GRPC")
                .field("appName", connection == null ? null : connection.appName())
                .field("version", connection == null ? null : connection.version())
                .field("clientIp", connection == null ? null : client.ip())
                .field("clientPort", connection == null ? 0 : client.port())
                .endObject());
    }

    private Utf8Json common(ClientCatalog.Summary client) {
        ConnectionDetails connection = client.connection();
        return new Utf8Json(256)
                .beginObject()
                .field("clientId", client.id())
                .field("ephemeral", client.ephemeral())
                .field("lastUpdatedTime", connection == null ? time.now() : connection.connectedMillis())
                .field("clientType", connection == null ? "ipPort" : "connection");
    }

    private Answer published(HttpCall call, boolean v3) {
        Utf8Json body = new Utf8Json(1024).beginArray();
        for (ClientCatalog.Published published : clients.publishedBy(found(call).id())) {
            Instance instance = published.instance();
            service(published.service(), v3, body);
            body.name(v3 ? "publisherInfo" : "registeredInstance").beginObject();
            if (v3) {
                body.field("clientId", (String) null);
            }
            body.field("ip", instance.ip())
                    .field("port", instance.port())
                    .field(v3 ? "clusterName" : "cluster", instance.cluster())
                    .endObject();
            if (v3) {
                body.field("subscriberInfo", (String) null);
            }
            body.endObject();
        }
        return Envelope.success(body.endArray());
    }

    private Answer subscribed(HttpCall call, boolean v3) {
        ClientCatalog.Summary client = found(call);
        ConnectionDetails connection = client.connection();
        Utf8Json body = new Utf8Json(1024).beginArray();
        if (connection != null) {
            pushes.subscriptions(new ClientId(client.id())).forEach((service, filters) -> {
                service(service, v3, body);
                if (v3) {
                    body.field("publisherInfo", (String) null);
                }
                body.name("subscriberInfo")
                        .beginObject()
                        .field(v3 ? "appName" : "app", connection.appName())
                        .field("agent", connection.version())
                        .field(v3 ? "address" : "addr", client.ip() + ":" + client.port())
                        .endObject()
                        .endObject();
            });
        }
        return Envelope.success(body.endArray());
    }

    private static void service(ServiceKey service, boolean v3, Utf8Json body) {
        body.beginObject()
                .field(v3 ? "namespaceId" : "namespace", service.namespace())
                .field(v3 ? "groupName" : "group", service.group())
                .field("serviceName", service.name());
    }

    private Answer publishers(HttpCall call, boolean v3) {
        FormParams params = new FormParams(call);
        ServiceKey service = params.argumentService();
        boolean ephemeral = params.truth("ephemeral", true);
        String ip = params.text("ip");
        int port = params.integer("port", -1);
        Utf8Json body = new Utf8Json(1024).beginArray();
        for (ClientCatalog.Published published : clients.publishedIn(service)) {
            Instance instance = published.instance();
            if (instance.ephemeral() != ephemeral || !matches(ip, port, instance.ip(), instance.port())) {
                continue;
            }
            body.beginObject()
                    .field("clientId", published.client())
                    .field("ip", instance.ip())
                    .field("port", instance.port())
                    .field(v3 ? "clusterName" : "cluster", instance.cluster())
                    .endObject();
        }
        return Envelope.success(body.endArray());
    }

    private Answer subscribersOf(HttpCall call) {
        FormParams params = new FormParams(call);
        ServiceKey service = params.argumentService();
        String ip = params.text("ip");
        int port = params.integer("port", -1);
        Utf8Json body = new Utf8Json(1024).beginArray();
        List<SubscriberList.Entry> entries = subscribers
                .page(service.namespace(), service, 1, SubscriberList.SIZE_MAX)
                .entries();
        for (SubscriberList.Entry entry : entries) {
            if (entry.service().equals(service) && matches(ip, port, entry.ip(), entry.port())) {
                body.beginObject()
                        .field("clientId", entry.client())
                        .field("ip", entry.ip())
                        .field("port", entry.port())
                        .endObject();
            }
        }
        return Envelope.success(body.endArray());
    }

    private static boolean matches(@Nullable String wantedIp, int wantedPort, String ip, int port) {
        return (wantedIp == null || wantedIp.equals(ip)) && (wantedPort < 0 || wantedPort == port);
    }
}
