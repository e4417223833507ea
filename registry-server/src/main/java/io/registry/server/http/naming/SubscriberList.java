package io.registry.server.http.naming;

import io.registry.api.model.ServiceKey;
import io.registry.server.core.client.ClientManager;
import io.registry.server.core.push.HttpSubscriptions;
import io.registry.server.core.push.PushService;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Who subscribes, over HTTP or on a connection, as operators see it. */
public final class SubscriberList {

    /** The largest page, which is also the default. */
    public static final int SIZE_MAX = 1000;

    private static final Comparator<Entry> ORDER =
            Comparator.comparing(Entry::service).thenComparing(Entry::address).thenComparing(Entry::clusters);

    private final ClientManager clients;
    private final PushService pushes;
    private final HttpSubscriptions http;

    /**
     * One subscription.
     *
     * @param client the subscriber's id
     * @param service the service
     * @param clusters the filter
     * @param ip the subscriber's address
     * @param port its port
     * @param agent its name and version
     * @param app its application, or empty
     */
    public record Entry(
            String client, ServiceKey service, String clusters, String ip, int port, String agent, String app) {

        /** Returns {@code ip:port}. */
        public String address() {
            return ip + ":" + port;
        }
    }

    /**
     * A page.
     *
     * @param total how many there are in all
     * @param entries those of the page
     */
    public record Page(int total, List<Entry> entries) {}

    /** Makes the list. */
    public SubscriberList(ClientManager clients, PushService pushes, HttpSubscriptions http) {
        this.clients = clients;
        this.pushes = pushes;
        this.http = http;
    }

    /** Returns the subscriptions of the services whose group and name contain those of the given one. */
    public Page page(String namespace, ServiceKey wanted, int page, int size) {
        List<Entry> found = new ArrayList<>();
        for (Entry entry : all()) {
            ServiceKey service = entry.service();
            if (service.namespace().equals(namespace)
                    && service.group().contains(wanted.group())
                    && service.name().contains(wanted.name())) {
                found.add(entry);
            }
        }
        found.sort(ORDER);
        return new Page(found.size(), List.copyOf(CatalogBodies.page(found, page, Math.min(size, SIZE_MAX))));
    }

    private List<Entry> all() {
        List<Entry> all = new ArrayList<>();
        for (HttpSubscriptions.Subscription subscription : http.all()) {
            HttpSubscriptions.Endpoint endpoint = subscription.endpoint();
            all.add(new Entry(
                    endpoint.address(),
                    subscription.service(),
                    subscription.clusters(),
                    endpoint.ip(),
                    endpoint.port(),
                    endpoint.agent(),
                    endpoint.app()));
        }
        clients.connections()
                .forEach((client, details) -> pushes.subscriptions(client)
                        .forEach((service, filters) -> filters.forEach(filter -> all.add(new Entry(
                                client.value(),
                                service,
                                filter,
                                details.remoteIp(),
                                details.remotePort(),
                                details.version(),
                                details.appName())))));
        return all;
    }
}
