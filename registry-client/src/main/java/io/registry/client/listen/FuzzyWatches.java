package io.registry.client.listen;

import io.registry.api.listen.FuzzyWatchEvent;
import io.registry.api.listen.FuzzyWatcher;
import io.registry.api.model.ServiceKey;
import io.registry.api.select.NamePattern;
import io.registry.client.redo.RedoService;
import io.registry.client.redo.WatchEntry;
import io.registry.client.runtime.ClientLoop;
import io.registry.client.runtime.Outcome;
import io.registry.proto.payload.ServerPush;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who watches which pattern, and which services match as far as the server has told.
 *
 * <p><b>Threading</b>: for the client loop; watchers are called elsewhere, see {@link FuzzyWatcher}.
 */
public final class FuzzyWatches {

    private static final Logger log = LoggerFactory.getLogger(FuzzyWatches.class);

    /** So often a watch is repeated, so that what was lost on the way is made good. */
    private static final Duration REPEAT = Duration.ofMinutes(3);

    private record Watching(
            Object owner, FuzzyWatcher watcher, Executor executor, CompletableFuture<Set<ServiceKey>> first) {}

    private static final class Watch {
        private final NamePattern group;
        private final NamePattern service;
        private final WatchEntry entry;
        private final List<Watching> watchers = new ArrayList<>();

        private Watch(NamePattern group, NamePattern service, WatchEntry entry) {
            this.group = group;
            this.service = service;
            this.entry = entry;
        }
    }

    private final ClientLoop loop;
    private final RedoService redo;
    private final String namespace;
    private final Executor shared;
    private final Map<String, Watch> watches = new LinkedHashMap<>();

    /** Makes a register without watches. */
    public FuzzyWatches(ClientLoop loop, RedoService redo, String namespace, Executor shared) {
        this.loop = loop;
        this.redo = redo;
        this.namespace = namespace;
        this.shared = shared;
    }

    /** Adds a watcher; the result is what matches when the server has told all. */
    public CompletableFuture<Set<ServiceKey>> watch(
            Object owner, String servicePattern, String groupPattern, FuzzyWatcher watcher) {
        String pattern = pattern(servicePattern, groupPattern);
        Executor own = watcher.executor();
        Watching watching = new Watching(owner, watcher, own == null ? shared : own, new CompletableFuture<>());
        Watch there = watches.get(pattern);
        if (there != null) {
            there.watchers.add(watching);
            there.entry.known().forEach(key -> tell(watching, key, true, true));
            if (there.entry.initialized()) {
                watching.first.complete(services(there));
            }
            return watching.first;
        }
        WatchEntry entry = new WatchEntry(namespace, pattern);
        Watch watch = new Watch(new NamePattern(groupPattern), new NamePattern(servicePattern), entry);
        watch.watchers.add(watching);
        watches.put(pattern, watch);
        redo.add(entry, entry);
        Outcome.of(redo.changed(entry), (nothing, failure) -> {
            if (failure != null && entry.refusal() == null && redo.entry(entry) == null) {
                watches.remove(pattern, watch);
                watch.watchers.forEach(each -> each.first.completeExceptionally(failure));
            }
        });
        repeatLater(pattern, watch);
        return watching.first;
    }

    /** Removes a watcher. */
    public void cancel(Object owner, String servicePattern, String groupPattern, FuzzyWatcher watcher) {
        Watch watch = watches.get(pattern(servicePattern, groupPattern));
        if (watch != null) {
            watch.watchers.removeIf(each -> each.owner == owner && each.watcher == watcher);
            endIfUnwatched(watch);
        }
    }

    /** Removes all watchers of an owner. */
    public void cancelAll(Object owner) {
        for (Watch watch : List.copyOf(watches.values())) {
            watch.watchers.removeIf(each -> each.owner == owner);
            endIfUnwatched(watch);
        }
    }

    /** Takes what the server tells. */
    public void received(ServerPush.FuzzyWatch push) {
        boolean single = push.syncType().equals(ServerPush.FuzzyWatch.CHANGED);
        for (Map.Entry<String, Watch> each : watches.entrySet()) {
            Watch watch = each.getValue();
            if (!single && !each.getKey().equals(push.pattern())) {
                continue;
            }
            for (ServerPush.Change change : push.changes()) {
                if (!single || matches(watch, change.serviceKey())) {
                    apply(watch, change, !single);
                }
            }
            if (push.syncType().equals(ServerPush.FuzzyWatch.FINISHED)) {
                watch.entry.markInitialized();
                watch.watchers.forEach(watching -> watching.first.complete(services(watch)));
            }
        }
    }

    private void repeatLater(String pattern, Watch watch) {
        loop.after(REPEAT, () -> {
            if (watches.get(pattern) == watch) {
                Outcome.of(redo.changed(watch.entry), (nothing, failure) -> {
                    // Repeated all the same.
                });
                repeatLater(pattern, watch);
            }
        });
    }

    private void endIfUnwatched(Watch watch) {
        if (watch.watchers.isEmpty() && watches.values().remove(watch)) {
            watch.entry.watch(false);
            Outcome.of(redo.changed(watch.entry), (nothing, failure) -> {
                // The server is told later, or forgets it with the connection.
            });
        }
    }

    private static boolean matches(Watch watch, String key) {
        ServiceKey service = parse(key);
        return watch.group.matches(service.group()) && watch.service.matches(service.name());
    }

    private void apply(Watch watch, ServerPush.Change change, boolean initial) {
        Set<String> known = watch.entry.known();
        boolean news = change.present() ? known.add(change.serviceKey()) : known.remove(change.serviceKey());
        if (news) {
            watch.watchers.forEach(each -> tell(each, change.serviceKey(), change.present(), initial));
        }
    }

    private static void tell(Watching watching, String key, boolean present, boolean initial) {
        FuzzyWatchEvent event = new FuzzyWatchEvent(parse(key), present, initial);
        try {
            watching.executor.execute(() -> {
                try {
                    watching.watcher.onEvent(event);
                } catch (Throwable e) { // whatever an application's code throws must not reach the others
                    log.warn("watcher failed: event={}", event, e);
                }
            });
        } catch (RejectedExecutionException e) {
            log.warn("watcher not called, its executor takes no work: event={}", event);
        }
    }

    private static Set<ServiceKey> services(Watch watch) {
        Set<ServiceKey> services = new LinkedHashSet<>();
        watch.entry.known().forEach(key -> services.add(parse(key)));
        return services;
    }

    private String pattern(String servicePattern, String groupPattern) {
        return namespace + ">>" + groupPattern + ">>" + servicePattern;
    }

    private static ServiceKey parse(String key) {
        int first = key.indexOf(ServiceKey.SEPARATOR);
        int second = key.indexOf(ServiceKey.SEPARATOR, first + 2);
        return first < 0 || second < 0
                ? new ServiceKey("", "", key)
                : new ServiceKey(key.substring(0, first), key.substring(first + 2, second), key.substring(second + 2));
    }
}
