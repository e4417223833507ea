package io.registry.client.cache;

import io.registry.proto.payload.HostList;
import io.registry.proto.payload.ServerPush;
import io.registry.proto.payload.ViewRevision;
import io.registry.proto.payload.WireService;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the stream in use has shown of each service last, so that a change can be put on top of it. Mostly the very lists
 * that the cache holds; an answer that has come by another way, and is newer, stands in the cache alone.
 *
 * <p><b>Threading</b>: for the client loop.
 */
public final class StreamViews {

    private record Topic(String group, String name, String clusters) {}

    private record Shown(ViewRevision revision, HostList hosts) {}

    private final Map<Topic, Shown> shown = new HashMap<>();

    /** Makes one that has been shown nothing. */
    public StreamViews() {}

    /** Says that there is another stream, which has shown nothing yet. */
    public void begin() {
        shown.clear();
    }

    /**
     * Takes the whole of a service.
     *
     * @param revision which list it is; null where the server does not tell, and will tell no changes
     */
    public void shown(WireService service, @Nullable ViewRevision revision) {
        Topic topic = topic(service);
        if (revision == null) {
            shown.remove(topic);
        } else {
            shown.put(topic, new Shown(revision, service.hosts()));
        }
    }

    /**
     * Puts a change on top of what was shown.
     *
     * @return the whole of the service; null where the change does not belong to what was shown, nothing is believed any
     *     more of it then, and the server must show the whole
     */
    public @Nullable WireService changed(ServerPush.NotifyChange change) {
        WireService service = change.service();
        Topic topic = topic(service);
        Shown before = shown.remove(topic);
        if (before == null || !before.revision.equals(change.base())) {
            return null;
        }
        HostList hosts = before.hosts.edited(change.removed(), change.put(), service.hosts(), change.count());
        if (hosts == null) {
            return null;
        }
        shown.put(topic, new Shown(change.base().at(change.revision()), hosts));
        return service.withHosts(hosts);
    }

    /** Forgets a service. */
    public void forget(String group, String name) {
        // Whole services are followed; whoever wants some clusters picks for himself.
        shown.remove(new Topic(group, name, ""));
    }

    private static Topic topic(WireService service) {
        return new Topic(service.group(), service.name(), service.clusters());
    }
}
