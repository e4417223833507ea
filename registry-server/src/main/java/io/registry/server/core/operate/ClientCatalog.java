package io.registry.server.core.operate;

import io.registry.api.model.Instance;
import io.registry.api.model.ServiceKey;
import io.registry.distro.model.ClientId;
import io.registry.server.core.client.BeatIds;
import io.registry.server.core.client.ClientManager;
import io.registry.server.core.client.ConnectionDetails;
import io.registry.server.core.client.InstanceBytes;
import io.registry.server.core.persistent.PersistentState;
import io.registry.server.core.persistent.PersistentStore;
import io.registry.server.core.service.ServiceManager;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Who publishes, as operators see it. A connection has its own id; everything else is known as {@code ip:port#true} where
 * it lives by beats and {@code ip:port#false} where it is persistent, whatever number of services it is in.
 *
 * <p>Each question walks the whole index: for people and scripts, not for the path of a client.
 *
 * <p><b>Threading</b>: from any thread.
 */
public final class ClientCatalog {

    private static final String EPHEMERAL = "#true";
    private static final String PERSISTENT = "#false";

    private final ClientManager clients;
    private final ServiceManager services;
    private final PersistentStore store;

    /**
     * What a client says about a service.
     *
     * @param client the client's public id
     * @param service the service
     * @param instance the instance, as registered
     */
    public record Published(String client, ServiceKey service, Instance instance) {}

    /**
     * A client.
     *
     * @param id its public id
     * @param ephemeral whether what it publishes lives only as long as it is heard
     * @param connection what is known of its connection, or null where it has none
     */
    public record Summary(
            String id, boolean ephemeral, @Nullable ConnectionDetails connection) {

        /** Returns its address: of the connection, or what the id says. */
        public String ip() {
            return connection != null ? connection.remoteIp() : id.substring(0, id.lastIndexOf(':'));
        }

        /** Returns its port: of the connection, or what the id says. */
        public int port() {
            return connection != null
                    ? connection.remotePort()
                    : Integer.parseInt(id.substring(id.lastIndexOf(':') + 1, id.lastIndexOf('#')));
        }
    }

    /** Makes the catalogue. */
    public ClientCatalog(ClientManager clients, ServiceManager services, PersistentStore store) {
        this.clients = clients;
        this.services = services;
        this.store = store;
    }

    /** Returns the public ids of all clients, in order. */
    public Collection<String> ids() {
        Set<String> ids = new TreeSet<>();
        clients.connections().keySet().forEach(client -> ids.add(client.value()));
        services.services().forEach(service -> publications(service, (id, instance) -> ids.add(id)));
        return ids;
    }

    /** Returns a client, or null where nobody has this id. */
    public @Nullable Summary find(String id) {
        ConnectionDetails connection = clients.details(new ClientId(id));
        if (connection != null) {
            return new Summary(id, true, connection);
        }
        boolean named = id.endsWith(EPHEMERAL) || id.endsWith(PERSISTENT);
        return named && !publishedBy(id).isEmpty() ? new Summary(id, id.endsWith(EPHEMERAL), null) : null;
    }

    /** Returns everything that a client publishes, by service. */
    public List<Published> publishedBy(String id) {
        List<Published> found = new ArrayList<>();
        for (ServiceKey service : services.services()) {
            publications(service, (client, instance) -> {
                if (client.equals(id)) {
                    found.add(new Published(id, service, instance));
                }
            });
        }
        return found;
    }

    /** Returns everything that is published about a service. */
    public List<Published> publishedIn(ServiceKey service) {
        List<Published> found = new ArrayList<>();
        publications(service, (client, instance) -> found.add(new Published(client, service, instance)));
        return found;
    }

    private void publications(ServiceKey service, BiConsumer<String, Instance> each) {
        services.publishers(service).forEach((client, publication) -> {
            String id = BeatIds.isBeat(client) ? BeatIds.publicName(client) : client.value();
            for (InstanceBytes instance : publication.instances()) {
                each.accept(id, instance.instance());
            }
        });
        PersistentState.Service kept = store.state().service(service);
        kept.instances().forEach((address, instance) -> each.accept(address + PERSISTENT, instance));
    }
}
