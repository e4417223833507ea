package io.registry.server.core.service;

import io.registry.api.model.Instance;
import io.registry.api.model.InstanceKey;
import io.registry.api.model.ServiceKey;
import io.registry.distro.DistroChange;
import io.registry.distro.DistroListener;
import io.registry.distro.model.Cause;
import io.registry.distro.model.ClientId;
import io.registry.distro.model.DistroRecord;
import io.registry.distro.port.DistroClock;
import io.registry.server.core.client.BeatIds;
import io.registry.server.core.client.ClientData;
import io.registry.server.core.client.InstanceBytes;
import io.registry.server.core.client.Publication;
import io.registry.server.core.client.Published;
import io.registry.server.core.event.EventBus;
import io.registry.server.core.event.Origin;
import io.registry.server.core.event.Origins;
import io.registry.server.core.event.RegistryEvent;
import io.registry.server.core.event.Source;
import io.registry.server.core.loss.LossGuard;
import io.registry.server.core.persistent.PersistentChange;
import io.registry.server.core.persistent.PersistentState;
import io.registry.server.core.persistent.PersistentStore;
import io.registry.server.core.persistent.ServiceMetadata;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.pcollections.TreePMap;

/**
 * The index: every service, its publications and its revision. Derived from the replica store and the persistent store,
 * whose changes arrive here, on the loop, whether they began on this node or came from another.
 *
 * <p><b>Threading</b>: changes on the loop only; {@link #view}, {@link #services} and the counts from any thread. A
 * caller that has written sees its write.
 */
public final class ServiceManager implements DistroListener<ServiceKey, ClientData> {

    private final EventBus events;
    private final DistroClock clock;
    private final PersistentStore store;
    private final LossGuard guard;
    private final Origins origins;
    private final Map<ServiceKey, ServiceEntry> byKey = new ConcurrentHashMap<>();
    private final ConcurrentSkipListMap<ServiceKey, ServiceEntry> inOrder = new ConcurrentSkipListMap<>();
    private final AtomicInteger instances = new AtomicInteger();
    private long revision;

    /**
     * Makes an empty index.
     *
     * @param store where what is kept about a service is found when the service appears
     * @param guard says which lost instances are still to be shown
     * @param origins says who asked for what changes
     */
    public ServiceManager(EventBus events, DistroClock clock, PersistentStore store, LossGuard guard, Origins origins) {
        this.events = events;
        this.clock = clock;
        this.store = store;
        this.guard = guard;
        this.origins = origins;
        guard.onChange(this::hold);
    }

    /** Returns the newest view of a service, or null where it is not there. */
    public @Nullable ServiceView view(ServiceKey key) {
        ServiceEntry entry = byKey.get(key);
        return entry == null ? null : entry.view();
    }

    /** Returns the newest view of a service; an empty one where it is not there. */
    public ServiceView viewOrAbsent(ServiceKey key) {
        ServiceView view = view(key);
        return view == null ? ServiceView.absent(key) : view;
    }

    /** Returns the key of a service as the index holds it, so that those who keep keys keep one; the same otherwise. */
    public ServiceKey known(ServiceKey key) {
        ServiceEntry entry = byKey.get(key);
        return entry == null ? key : entry.key();
    }

    /** Returns the revision of a service now; 0 where it is not there. */
    public long revision(ServiceKey key) {
        ServiceEntry entry = byKey.get(key);
        return entry == null ? 0 : entry.state().revision();
    }

    /** Returns all services in the order of their keys; a live picture, safe to walk while it changes. */
    public Collection<ServiceKey> services() {
        return inOrder.keySet();
    }

    /** Returns the services of a namespace in order. */
    public NavigableMap<ServiceKey, ?> services(String namespace) {
        return inOrder.subMap(new ServiceKey(namespace, "", ""), new ServiceKey(namespace + '\0', "", ""));
    }

    /** Returns the services of a group in order. */
    public NavigableMap<ServiceKey, ?> services(String namespace, String group) {
        return inOrder.subMap(new ServiceKey(namespace, group, ""), new ServiceKey(namespace, group + '\0', ""));
    }

    /** Returns how many services there are. */
    public int serviceCount() {
        return byKey.size();
    }

    /** Returns how many instances are published, the same one counted once for each of its publishers. */
    public int instanceCount() {
        return instances.get();
    }

    /** Returns the kind of a service: true for ephemeral, false for persistent, null where it is not there. */
    public @Nullable Boolean ephemeral(ServiceKey key) {
        ServiceEntry entry = byKey.get(key);
        return entry == null ? null : entry.state().ephemeral();
    }

    /** Returns whether an address of a service was lost lately and not deregistered, in whichever cluster. On the loop. */
    public boolean isLost(ServiceKey key, String ip, int port) {
        return guard.isLost(key, ip, port);
    }

    /** Returns who publishes in a service, and what; empty where it is not there. From any thread. */
    public Map<ClientId, Publication> publishers(ServiceKey key) {
        ServiceEntry entry = byKey.get(key);
        return entry == null ? Map.of() : publications(entry.state().publications());
    }

    /**
     * Returns who publishes ephemeral instances in a service that is persistent, and what: nobody is shown it. From any
     * thread.
     */
    public Map<ClientId, Publication> hidden(ServiceKey key) {
        ServiceEntry entry = byKey.get(key);
        return entry == null ? Map.of() : publications(entry.state().hidden());
    }

    private static Map<ClientId, Publication> publications(Map<ClientId, Published> published) {
        Map<ClientId, Publication> publications = new LinkedHashMap<>();
        published.forEach((client, each) -> publications.put(client, each.publication()));
        return publications;
    }

    @Override
    public void changed(DistroChange<ServiceKey, ClientData> change) {
        ClientData before = data(change.before());
        ClientData after = data(change.after());
        if (change.keys().isEmpty()) {
            restamp(change.client(), change.after(), after);
            return;
        }
        for (ServiceKey key : change.keys()) {
            Publication old = before.about(key);
            Publication now = after.about(key);
            if (old != null || now != null) {
                publication(key, change, old, now);
            }
        }
    }

    /** The same word, heard again: nothing changes for readers, but it now counts against later words. */
    private void restamp(ClientId client, @Nullable DistroRecord<ClientData> held, ClientData data) {
        if (held == null) {
            return;
        }
        data.publications().forEach((key, publication) -> {
            ServiceEntry entry = byKey.get(key);
            if (entry == null) {
                return;
            }
            ServiceState state = entry.state();
            entry.publish(state.withEphemeral(
                    state.revision(),
                    state.publications().plus(client, new Published(held.stamp(), publication)),
                    state.held(),
                    state.leftOnPurpose()));
        });
    }

    private static ClientData data(@Nullable DistroRecord<ClientData> held) {
        ClientData data = held == null ? null : held.data();
        return data == null ? ClientData.EMPTY : data;
    }

    private void publication(
            ServiceKey key,
            DistroChange<ServiceKey, ClientData> change,
            @Nullable Publication old,
            @Nullable Publication now) {
        ServiceEntry entry = entry(key, true);
        ServiceState state = entry.state();
        ClientId client = change.client();
        DistroRecord<ClientData> after = change.after();
        TreePMap<ClientId, Published> publications = now == null || after == null
                ? state.publications().minus(client)
                : state.publications().plus(client, new Published(after.stamp(), now));
        instances.addAndGet((now == null ? 0 : now.size()) - (old == null ? 0 : old.size()));
        moved(key, source(change), instances(old), instances(now));
        boolean onPurpose = now == null ? onPurpose(change.cause()) : state.leftOnPurpose();
        if (!guard.concerns(key, change.cause())) {
            publish(entry, state.withEphemeral(++revision, publications, state.held(), onPurpose));
            return;
        }
        LossGuard.Verdict verdict = guard.changed(key, state.publications(), client, now, change.cause());
        if (verdict.visible()) {
            publish(entry, state.withEphemeral(++revision, publications, verdict.held(), onPurpose));
        } else {
            // What has gone stays in its place, so nobody is to be told anything.
            entry.publish(state.withEphemeral(state.revision(), publications, verdict.held(), onPurpose));
        }
    }

    private static List<InstanceBytes> instances(@Nullable Publication publication) {
        return publication == null ? List.of() : publication.instances();
    }

    private Source source(DistroChange<ServiceKey, ClientData> change) {
        DistroRecord<ClientData> record = change.after() == null ? change.before() : change.after();
        return new Source(
                change.client(),
                change.cause().name().toLowerCase(Locale.ROOT),
                record == null ? null : record.owner(),
                origins.present());
    }

    /** A client that says so means it; that a connection has ended is no word of anybody. */
    private static boolean onPurpose(Cause cause) {
        return cause == Cause.PUBLISHED || cause == Cause.WITHDRAWN;
    }

    @Override
    public void buried(DistroRecord<ClientData> tombstone) {
        ClientId client = tombstone.client();
        if (tombstone.cause() == Cause.WITHDRAWN && BeatIds.isBeat(client)) {
            guard.deregistered(BeatIds.service(client), BeatIds.ip(client), BeatIds.port(client), origins.present());
        }
    }

    /** Shows other lost instances than before. On the loop. */
    private void hold(ServiceKey key, TreePMap<ClientId, Published> held) {
        ServiceEntry entry = byKey.get(key);
        if (entry != null) {
            ServiceState state = entry.state();
            publish(entry, state.withEphemeral(++revision, state.publications(), held, state.leftOnPurpose()));
        }
    }

    /** Takes over what a persistent command has changed. On the loop. */
    public void changed(PersistentChange change) {
        ServiceKey key = change.service();
        if (key == null) {
            return;
        }
        PersistentState.Service all = change.after() == null ? PersistentState.Service.EMPTY : change.after();
        PersistentState.Service kept = live(all);
        ServiceMetadata metadata = kept.metadata();
        ServiceEntry known = byKey.get(key);
        // Mostly the same object, and told apart at once: the store passes on what it does not touch.
        if (!all.overrides()
                .equals(known == null ? Map.of() : known.state().kept().overrides())) {
            events.publish(new RegistryEvent.OverridesChanged(key));
        }
        if (known == null && metadata == null && kept.instances().isEmpty()) {
            return;
        }
        boolean ephemeral =
                metadata != null ? metadata.ephemeral() : kept.instances().isEmpty();
        ServiceEntry entry = entry(key, ephemeral);
        ServiceState state = entry.state();
        overridesEnded(key, state.kept(), kept);
        TreePMap<String, InstanceBytes> persistent = state.persistent();
        int before = persistent.size();
        Set<String> addresses = change.address() == null
                ? addresses(persistent.keySet(), kept.instances().keySet())
                : Set.of(change.address());
        for (String address : addresses) {
            persistent = instance(key, address, persistent, kept.instances().get(address), change.restored());
        }
        instances.addAndGet(persistent.size() - before);
        boolean onPurpose = persistent.size() < before || state.leftOnPurpose();
        boolean kind = ServiceState.kind(kept, state.publications(), state.ephemeral());
        publish(
                entry,
                new ServiceState(++revision, kind, state.publications(), state.held(), persistent, kept, onPurpose));
    }

    /** Shows a service without the overrides whose end has come; they are removed from the store later. On the loop. */
    public void endOverrides(ServiceKey key) {
        ServiceEntry entry = byKey.get(key);
        if (entry == null) {
            return;
        }
        ServiceState state = entry.state();
        PersistentState.Service kept = live(state.kept());
        if (kept.overrides().size() < state.kept().overrides().size()) {
            overridesEnded(key, state.kept(), kept);
            publish(
                    entry,
                    new ServiceState(
                            ++revision,
                            state.ephemeral(),
                            state.publications(),
                            state.held(),
                            state.persistent(),
                            kept,
                            state.leftOnPurpose()));
        }
    }

    private void overridesEnded(ServiceKey key, PersistentState.Service before, PersistentState.Service now) {
        if (before.overrides().equals(now.overrides())) {
            return;
        }
        long wallMillis = clock.wallMillis();
        before.overrides().forEach((target, override) -> {
            if (!now.overrides().containsKey(target)) {
                events.publish(new RegistryEvent.OverrideEnded(
                        key,
                        target.scope().name().toLowerCase(Locale.ROOT),
                        target.ip(),
                        target.port(),
                        target.cluster(),
                        override.isOver(wallMillis) ? "expired" : "removed"));
            }
        });
    }

    private PersistentState.Service live(PersistentState.Service kept) {
        return kept.at(clock.wallMillis());
    }

    private static Set<String> addresses(Set<String> before, Set<String> after) {
        Set<String> all = new LinkedHashSet<>(before);
        all.addAll(after);
        return all;
    }

    /** Takes over what has become of one persistent instance: null where it is gone. */
    private TreePMap<String, InstanceBytes> instance(
            ServiceKey key,
            String address,
            TreePMap<String, InstanceBytes> persistent,
            @Nullable Instance now,
            boolean restored) {
        InstanceBytes old = persistent.get(address);
        if (now == null) {
            if (old != null) {
                moved(key, logged(key, address, "deregistered", restored), List.of(old), List.of());
            }
            return persistent.minus(address);
        }
        if (old != null && old.instance().equals(now)) {
            return persistent;
        }
        InstanceBytes bytes = InstanceBytes.of(now, key);
        moved(
                key,
                logged(key, address, "registered", restored),
                old == null ? List.of() : List.of(old),
                List.of(bytes));
        return persistent.plus(address, bytes);
    }

    /** What the log has changed of a persistent instance; whoever waits for a command just now has caused it now. */
    private Source logged(ServiceKey key, String address, String cause, boolean restored) {
        Origin origin = origins.proposed(key, address);
        return new Source(
                new ClientId(address + "#false"), restored && origin == null ? "restored" : cause, null, origin);
    }

    /** Removes a service that has no instances. On the loop. */
    public void remove(ServiceKey key) {
        ServiceEntry entry = byKey.get(key);
        if (entry == null) {
            return;
        }
        if (!entry.state().isBare()) {
            throw new IllegalStateException("service with instances: " + key);
        }
        byKey.remove(key);
        inOrder.remove(key);
        guard.forget(key);
    }

    /** Returns the services that have had no instance since before the given monotonic time. On the loop. */
    public List<ServiceKey> emptySince(long millis) {
        return byKey.values().stream()
                .filter(entry -> entry.state().isBare() && entry.emptySinceMillis <= millis)
                .map(ServiceEntry::key)
                .sorted()
                .toList();
    }

    private ServiceEntry entry(ServiceKey key, boolean ephemeral) {
        ServiceEntry entry = byKey.get(key);
        if (entry == null) {
            PersistentState.Service all = store.state().service(key);
            if (!all.overrides().isEmpty()) {
                // The turn that tells of them may still be to come, and will then find nothing new.
                events.publish(new RegistryEvent.OverridesChanged(key));
            }
            PersistentState.Service kept = live(all);
            ServiceMetadata metadata = kept.metadata();
            ServiceState empty = new ServiceState(
                    ++revision,
                    metadata == null ? ephemeral : metadata.ephemeral(),
                    TreePMap.empty(),
                    TreePMap.empty(),
                    TreePMap.empty(),
                    kept,
                    false);
            entry = new ServiceEntry(key, empty, clock.monotonicMillis());
            byKey.put(key, entry);
            inOrder.put(key, entry);
        }
        return entry;
    }

    private void publish(ServiceEntry entry, ServiceState next) {
        boolean had = entry.state().hasInstances();
        boolean has = next.hasInstances();
        if (!has) {
            entry.emptySinceMillis = clock.monotonicMillis();
        }
        entry.publish(next);
        events.publish(new RegistryEvent.ServiceChanged(entry.key(), next.revision()));
        if (had != has) {
            events.publish(new RegistryEvent.ServicePresence(entry.key(), has));
        }
    }

    private void moved(ServiceKey key, Source source, List<InstanceBytes> old, List<InstanceBytes> now) {
        Map<InstanceKey, InstanceBytes> stay = Map.of();
        if (!old.isEmpty() && !now.isEmpty()) {
            stay = new LinkedHashMap<>();
            for (InstanceBytes instance : old) {
                stay.put(instance.instance().key(), instance);
            }
            Set<InstanceKey> kept = new LinkedHashSet<>();
            for (InstanceBytes instance : now) {
                kept.add(instance.instance().key());
            }
            stay.keySet().retainAll(kept);
        }
        for (InstanceBytes instance : old) {
            if (!stay.containsKey(instance.instance().key())) {
                events.publish(new RegistryEvent.InstanceMoved(key, instance.instance(), false, source));
            }
        }
        for (InstanceBytes instance : now) {
            InstanceBytes before = stay.get(instance.instance().key());
            if (before == null) {
                events.publish(new RegistryEvent.InstanceMoved(key, instance.instance(), true, source));
            } else if (!before.equals(instance)) {
                events.publish(new RegistryEvent.InstanceChanged(key, before.instance(), instance.instance(), source));
            }
        }
    }
}
