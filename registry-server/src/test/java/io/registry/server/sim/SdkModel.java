package io.registry.server.sim;

import io.registry.api.model.ServiceKey;
import io.registry.distro.model.ClientId;
import io.registry.distro.model.Sum;
import io.registry.distro.sim.engine.Chance;
import io.registry.server.core.CoreFixture;
import io.registry.server.core.operate.ConnectionOperator;
import io.registry.server.core.service.ServiceAnswer;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A client with an SDK: it publishes and subscribes over a connection, says one thing after another, and when the
 * connection is lost it opens a new one, elsewhere, within three seconds, and says all of it again. Of each service that it
 * subscribes to it keeps whatever arrives last.
 */
final class SdkModel {

    private static final long RECONNECT_MILLIS_MAX = 3_000;
    private static final long CALL_MILLIS_MAX = 3_000;
    private static final int PORT = 9_000;

    private enum About {
        PUBLICATION,
        SUBSCRIPTION,
        QUERY
    }

    /**
     * Something to say, as it is when it is said.
     *
     * @param again whether it was said before, over another connection
     */
    private record Todo(About about, ServiceKey service, boolean again) {}

    private final NamingWorld world;
    private final String name;
    private final String ip;
    private final Chance chance;
    private final boolean looksAtPushesOnly;
    private final SortedMap<ServiceKey, String> published = new TreeMap<>();
    private final SortedSet<ServiceKey> subscribed = new TreeSet<>();
    private final Map<ServiceKey, Said> told = new LinkedHashMap<>();
    private final Set<Todo> todo = new LinkedHashSet<>();
    private boolean alive;
    private @Nullable Link link;
    private int links;
    private int turn;
    private int attempt;
    private boolean calling;
    private int calls;

    /** Makes a client that does not run yet. */
    SdkModel(NamingWorld world, int number) {
        this.world = world;
        this.name = "c" + number;
        this.ip = "10.0.0." + number;
        this.chance = world.chance().of("client " + name);
        // Of the SDKs, some pass over what a subscription is answered when it is said again.
        this.looksAtPushesOnly = chance.odds(0.5);
        this.turn = chance.between(0, 9);
    }

    String name() {
        return name;
    }

    /** Returns its address, the same in all services. */
    String address() {
        return ip + ":" + PORT;
    }

    boolean isAlive() {
        return alive;
    }

    /** Returns what it wants to be published: the version by service. */
    SortedMap<ServiceKey, String> published() {
        return published;
    }

    /** Returns the services that it wants to know about. */
    SortedSet<ServiceKey> subscribed() {
        return subscribed;
    }

    /** Returns what it was told last about a service; null where it was told nothing. */
    @Nullable
    Said told(ServiceKey service) {
        return told.get(service);
    }

    @Nullable
    Link link() {
        return link;
    }

    /** Returns whether the node it is connected to has confirmed all that it has to say. */
    boolean hasSaidAll() {
        return link != null && todo.isEmpty() && !calling;
    }

    boolean uses(Link which) {
        return link == which;
    }

    void start() {
        if (!alive) {
            alive = true;
            connectAfter(0);
        }
    }

    void publish(ServiceKey service, String version) {
        published.put(service, version);
        say(About.PUBLICATION, service);
    }

    void withdraw(ServiceKey service) {
        published.remove(service);
        world.checks().unwanted(service, address());
        say(About.PUBLICATION, service);
    }

    void subscribe(ServiceKey service) {
        subscribed.add(service);
        say(About.SUBSCRIPTION, service);
    }

    void unsubscribe(ServiceKey service) {
        subscribed.remove(service);
        told.remove(service);
        say(About.SUBSCRIPTION, service);
    }

    void query(ServiceKey service) {
        say(About.QUERY, service);
    }

    /** Ends it in order. */
    void close() {
        Link last = link;
        die();
        if (last != null) {
            last.closedByClient();
        }
    }

    /** Ends it without a word. */
    void die() {
        alive = false;
        link = null;
        calling = false;
        todo.clear();
        told.clear();
        published.keySet().forEach(service -> world.checks().unwanted(service, address()));
    }

    /** Has it give up its connection by itself, and open another: what it publishes is away until then. */
    void reconnect() {
        Link last = link;
        if (last != null) {
            published.keySet().forEach(service -> world.checks().unwanted(service, address()));
            broken(last);
            last.closedByClient();
        }
    }

    /** Lets it read nothing for a while. */
    void block(long millis) {
        if (link != null) {
            link.block(millis);
        }
    }

    /** A connection is no longer of use. */
    void broken(Link lost) {
        if (link == lost) {
            link = null;
            calling = false;
            connectAfter(chance.upTo(RECONNECT_MILLIS_MAX));
        }
    }

    /** Takes in what it is told over a link. */
    void told(Link by, ServiceKey service, Said said) {
        if (link != by) {
            return;
        }
        world.checks().arrived(by, service, said);
        if (subscribed.contains(service)) {
            told.put(service, said);
            world.trace().note(by.process().id(), "told", name + " " + service.name() + " " + said, said.sum());
        }
    }

    private void connectAfter(long millis) {
        int mine = ++attempt;
        world.loop().after(millis, () -> {
            if (mine == attempt && alive && link == null) {
                connect();
            }
        });
    }

    private void connect() {
        NodeProcess process = world.reachable(name, turn++);
        Link next = process == null ? null : process.open(this, new ClientId(name + "#" + (links + 1)));
        if (next == null) {
            connectAfter(chance.between(100, 500));
            return;
        }
        boolean again = links > 0;
        links++;
        link = next;
        world.trace()
                .note(
                        next.process().id(),
                        "connected",
                        next.id(),
                        Sum.of(next.id().value()));
        todo.clear();
        published.keySet().forEach(service -> todo.add(new Todo(About.PUBLICATION, service, again)));
        subscribed.forEach(service -> todo.add(new Todo(About.SUBSCRIPTION, service, again)));
        call();
    }

    private void say(About about, ServiceKey service) {
        if (link != null) {
            todo.add(new Todo(about, service, false));
            call();
        }
    }

    /** Says the next of what is to be said; one call at a time. */
    private void call() {
        Link on = link;
        if (on == null || calling || todo.isEmpty()) {
            return;
        }
        calling = true;
        Todo next = todo.iterator().next();
        todo.remove(next);
        String version = published.get(next.service());
        boolean wanted = subscribed.contains(next.service());
        on.call(
                process -> question(process.connections(), on.id(), next, version, wanted),
                (result, problem) -> answered(on, next, version, result, problem));
        int mine = ++calls;
        world.loop().after(CALL_MILLIS_MAX, () -> {
            if (calling && mine == calls) {
                broken(on);
            }
        });
    }

    private CompletionStage<? extends @Nullable Object> question(
            ConnectionOperator node, ClientId id, Todo next, @Nullable String version, boolean wanted) {
        ServiceKey service = next.service();
        return switch (next.about()) {
            case PUBLICATION ->
                version == null
                        ? node.deregister(CoreFixture.CALLER, id, service)
                        : node.register(CoreFixture.CALLER, id, service, Said.instance(ip, PORT, version));
            case SUBSCRIPTION -> wanted ? node.subscribe(id, service, "") : node.unsubscribe(id, service, "");
            case QUERY -> CompletableFuture.completedFuture(node.query(id, service, "", false));
        };
    }

    private void answered(
            Link on, Todo said, @Nullable String version, @Nullable Object result, @Nullable Throwable problem) {
        if (link != on) {
            return;
        }
        calling = false;
        if (problem != null) {
            broken(on);
            return;
        }
        if (said.about() == About.PUBLICATION && version != null && published.containsKey(said.service())) {
            world.checks().wanted(said.service(), address());
        }
        boolean passedOver = said.about() == About.SUBSCRIPTION && said.again() && looksAtPushesOnly;
        if (result instanceof ServiceAnswer answer && !passedOver) {
            told(on, said.service(), Said.of(answer));
        }
        call();
    }
}
