package io.registry.server.core.push;

import io.registry.api.error.ErrorCode;
import io.registry.api.error.RegistryException;
import io.registry.api.model.ServiceKey;
import io.registry.distro.model.ClientId;
import io.registry.distro.port.DistroClock;
import io.registry.server.core.event.RegistryEvent;
import io.registry.server.core.loop.RegistryLoop;
import io.registry.server.core.service.ReferenceTime;
import io.registry.server.core.service.ServiceAnswer;
import io.registry.server.core.service.ServiceDelta;
import io.registry.server.core.service.ServiceManager;
import io.registry.server.core.service.ServiceView;
import io.registry.server.core.service.Shown;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Tells subscribers the newest state of their services.
 *
 * <p>There is one slot for each subscriber, service and filter, and it is either behind or not: no queue of states. The
 * first change after a quiet time leaves at once; what changes while a wave of pushes is under way gathers for the next
 * one. A subscriber whose stream is blocked is told the newest state when it takes more. A push that would follow an
 * answer to the same subscriber too closely waits, since the two travel on different streams and the subscriber keeps
 * what arrives last.
 *
 * <p><b>Threading</b>: on the loop, except {@link #answering} and {@link #answered}.
 */
public final class PushService implements Consumer<RegistryEvent> {

    /** How many pushes leave in one turn, so that registrations do not wait for a large wave to end. */
    private static final int PUSHES_PER_TURN = 64;

    /** How many services and filters one client may subscribe to. */
    private static final int SLOTS_MAX = 50_000;

    /** When a new subscriber is told that nobody is there: clients publish again within 3 s of a new connection. */
    private static final Duration EMPTY_AFTER = Duration.ofSeconds(6);

    private static final class Topic {
        final Set<PushSlot> slots = new LinkedHashSet<>();
        boolean scheduled;
        final Deltas deltas = new Deltas();
        Wave last = Wave.NONE;
        long dirtySinceNanos;
    }

    private final RegistryLoop loop;
    private final ServiceManager services;
    private final ReferenceTime time;
    private final DistroClock clock;
    private final LongSupplier nanos;
    private final PushConfig config;
    private final BooleanSupplier enabled;
    private final PushObserver observer;
    private final Acknowledgements acknowledgements;
    private final SeenWaits waits;
    private final Map<ClientId, Subscriber> subscribers = new ConcurrentHashMap<>();
    private final Map<ServiceKey, Topic> topics = new LinkedHashMap<>();
    private volatile int slots;

    /**
     * Makes the service.
     *
     * @param nanos a monotonic clock in nanoseconds, for figures only
     * @param enabled whether pushes are switched on
     */
    public PushService(
            RegistryLoop loop,
            ServiceManager services,
            ReferenceTime time,
            DistroClock clock,
            LongSupplier nanos,
            PushConfig config,
            BooleanSupplier enabled,
            PushObserver observer) {
        this.loop = loop;
        this.services = services;
        this.time = time;
        this.clock = clock;
        this.nanos = nanos;
        this.config = config;
        this.enabled = enabled;
        this.observer = observer;
        this.waits = new SeenWaits(loop);
        this.acknowledgements = new Acknowledgements(loop, clock, config.ackTimeout());
    }

    /** Returns what all kinds of push share to wait for acknowledgements. */
    Acknowledgements acknowledgements() {
        return acknowledgements;
    }

    /** Takes in somebody who may subscribe. */
    public void attach(ClientId client, Pusher pusher) {
        subscribers.putIfAbsent(client, new Subscriber(client, pusher));
    }

    /** Forgets a subscriber and all its subscriptions. */
    public void detach(ClientId client) {
        Subscriber gone = subscribers.remove(client);
        if (gone == null) {
            return;
        }
        for (List<PushSlot> ofService : gone.slots.values()) {
            ofService.forEach(this::drop);
        }
        gone.slots.clear();
    }

    /** Returns the way to a subscriber, or null where it is not attached. */
    @Nullable
    Pusher pusher(ClientId client) {
        Subscriber subscriber = subscribers.get(client);
        return subscriber == null ? null : subscriber.pusher;
    }

    /**
     * Subscribes, and returns the state as of now. A new subscription is told that state by a push too; after a further
     * one the next push carries what comes after.
     */
    public ServiceAnswer subscribe(ClientId client, ServiceKey service, String clusters) {
        Subscriber subscriber = subscribers.get(client);
        if (subscriber == null) {
            throw new RegistryException(ErrorCode.UNREGISTERED, "Connection is unregistered.");
        }
        List<PushSlot> before = subscriber.slots.getOrDefault(service, List.of());
        PushSlot slot = null;
        for (PushSlot candidate : before) {
            if (candidate.clusters.equals(clusters)) {
                slot = candidate;
            }
        }
        boolean begins = slot == null;
        if (slot == null) {
            if (subscriber.slots.size() >= SLOTS_MAX || before.size() >= SLOTS_MAX / 100) {
                throw new RegistryException(
                        ErrorCode.OVER_LIMIT,
                        "subscriptions of one client: " + subscriber.slots.size() + " (expected: fewer than "
                                + SLOTS_MAX + ")");
            }
            slot = new PushSlot(subscriber, service, clusters);
            List<PushSlot> after = new ArrayList<>(before);
            after.add(slot);
            subscriber.slots.put(service, List.copyOf(after));
            topics.computeIfAbsent(service, key -> new Topic()).slots.add(slot);
            slots = slots() + 1;
        }
        ServiceView view = services.viewOrAbsent(service);
        slot.sentRevision = view.revision();
        slot.acknowledgedRevision = view.revision();
        waits.acknowledged(slot);
        slot.settleUntilMillis = clock.monotonicMillis() + config.settle().toMillis();
        if (begins && enabled.getAsBoolean()) {
            repeat(slot, view);
        }
        return new ServiceAnswer(service, clusters, view.payload(clusters, false), time.now());
    }

    /** Ends a subscription; no effect where there is none. */
    public void unsubscribe(ClientId client, ServiceKey service, String clusters) {
        Subscriber subscriber = subscribers.get(client);
        List<PushSlot> before = subscriber == null ? null : subscriber.slots.get(service);
        if (subscriber == null || before == null) {
            return;
        }
        List<PushSlot> after = new ArrayList<>(before);
        after.removeIf(slot -> {
            if (!slot.clusters.equals(clusters)) {
                return false;
            }
            drop(slot);
            return true;
        });
        if (after.isEmpty()) {
            subscriber.slots.remove(service);
        } else {
            subscriber.slots.put(service, List.copyOf(after));
        }
    }

    /** Says that a query is about to be answered: pushes of that service wait a moment. From any thread. */
    public void answering(ClientId client, ServiceKey service) {
        Subscriber subscriber = subscribers.get(client);
        List<PushSlot> ofService = subscriber == null ? null : subscriber.slots.get(service);
        if (ofService != null) {
            long until = clock.monotonicMillis() + config.settle().toMillis();
            for (PushSlot slot : ofService) {
                slot.settleUntilMillis = until;
            }
        }
    }

    /** Says which revision a query was answered with, after {@link #answering}. From any thread. */
    public void answered(ClientId client, ServiceKey service, long revision) {
        Subscriber subscriber = subscribers.get(client);
        List<PushSlot> ofService = subscriber == null ? null : subscriber.slots.get(service);
        if (ofService == null || services.revision(service) == revision) {
            return;
        }
        // The service has changed meanwhile, and a push may have left before the answer: say it once more.
        loop.post(() -> {
            for (PushSlot slot : ofService) {
                slot.sentRevision = Math.min(slot.sentRevision, revision);
                later(slot);
            }
        });
    }

    /** Has something done when those who subscribe to a service now have acknowledged it as it is now, or in time. */
    public void awaitSeen(ServiceKey service, Duration timeout, Consumer<Seen> then) {
        Topic topic = topics.get(service);
        waits.await(service, services.revision(service), topic == null ? Set.of() : topic.slots, timeout, then);
    }

    /** Takes in an acknowledgement. */
    public void acknowledged(ClientId client, long id, boolean success) {
        acknowledgements.acknowledged(client, id, success);
    }

    /** Says that a subscriber takes more again. */
    public void ready(ClientId client) {
        Subscriber subscriber = subscribers.get(client);
        if (subscriber == null || subscriber.blocked.isEmpty()) {
            return;
        }
        List<PushSlot> blocked = new ArrayList<>(subscriber.blocked);
        subscriber.blocked.clear();
        blocked.forEach(this::tell);
    }

    @Override
    public void accept(RegistryEvent event) {
        if (event instanceof RegistryEvent.ServiceChanged changed) {
            Topic topic = topics.get(changed.service());
            if (topic != null) {
                dirty(topic);
            }
        }
    }

    /** Returns how many subscriptions there are. From any thread. */
    public int slots() {
        return slots;
    }

    /** Returns how many pushes wait for their acknowledgement. */
    public int outstanding() {
        return acknowledgements.size();
    }

    /** Returns the services that a client subscribes to, with the filters. From any thread. */
    public Map<ServiceKey, List<String>> subscriptions(ClientId client) {
        Subscriber subscriber = subscribers.get(client);
        Map<ServiceKey, List<String>> found = new LinkedHashMap<>();
        if (subscriber != null) {
            subscriber.slots.forEach((service, ofService) -> found.put(
                    service, ofService.stream().map(slot -> slot.clusters).toList()));
        }
        return found;
    }

    /** Returns the clients that subscribe to a service, each once. From any thread. */
    public List<ClientId> subscribersOf(ServiceKey service) {
        List<ClientId> found = new ArrayList<>();
        for (Subscriber subscriber : subscribers.values()) {
            if (subscriber.slots.containsKey(service)) {
                found.add(subscriber.client);
            }
        }
        found.sort(null);
        return found;
    }

    /**
     * Pushes what a new subscriber was answered with: a client that subscribes again after its connection broke looks
     * at pushes only. That nobody is there is said late, and only if it is still so, since providers that were cut off
     * together with the subscriber come back as it does.
     */
    private void repeat(PushSlot slot, ServiceView view) {
        if (view.hasInstances()) {
            slot.sentRevision = view.revision() - 1;
            later(slot);
            return;
        }
        loop.after(EMPTY_AFTER, () -> {
            if (slot.sentRevision == view.revision()) {
                slot.sentRevision = view.revision() - 1;
                tell(slot);
            }
        });
    }

    private void dirty(Topic topic) {
        if (topic.dirtySinceNanos == 0) {
            topic.dirtySinceNanos = nanos.getAsLong();
        }
        if (topic.scheduled) {
            return;
        }
        topic.scheduled = true;
        schedule(topic);
    }

    private void schedule(Topic topic) {
        long wait = topic.last.wait(clock.monotonicMillis(), config.gather().toMillis());
        if (wait == 0) {
            loop.post(() -> begin(topic));
        } else {
            loop.after(Duration.ofMillis(wait), () -> begin(topic));
        }
    }

    private void begin(Topic topic) {
        long now = clock.monotonicMillis();
        if (topic.last.wait(now, config.gather().toMillis()) > 0) {
            // The wave before has taken longer than it was given.
            schedule(topic);
            return;
        }
        topic.scheduled = false;
        topic.last = Wave.begin(now);
        long dirtySince = topic.dirtySinceNanos;
        topic.dirtySinceNanos = 0;
        if (enabled.getAsBoolean()) {
            wave(topic.last, topic.slots.toArray(new PushSlot[0]), 0, null, dirtySince);
        } else {
            topic.last.written(now);
        }
    }

    /** Tells some of the slots, and the rest in further turns, so that other turns come in between. */
    private void wave(Wave wave, PushSlot[] all, int from, @Nullable PushSlot toldBefore, long dirtySince) {
        PushSlot told = toldBefore;
        int sent = 0;
        int i = from;
        for (; i < all.length && sent < PUSHES_PER_TURN; i++) {
            PushSlot slot = all[i];
            if (slot.dirtySinceNanos == 0) {
                slot.dirtySinceNanos = dirtySince;
            }
            if (tell(slot)) {
                told = slot;
                sent++;
            }
        }
        PushSlot last = told;
        if (i < all.length) {
            int next = i;
            loop.post(() -> wave(wave, all, next, last, dirtySince));
        } else if (last == null) {
            wave.written(clock.monotonicMillis());
        } else {
            // One for all: the transports' threads have about the same to do.
            last.subscriber.pusher.whenWritten(() -> loop.post(() -> wave.written(clock.monotonicMillis())));
        }
    }

    /** Tells one slot the newest state, now or as soon as it may be told; returns whether it was told now. */
    private boolean tell(PushSlot slot) {
        if (!current(slot) || !isBehind(slot)) {
            slot.dirtySinceNanos = 0;
            return false;
        }
        if (slot.dueMillis() > clock.monotonicMillis()) {
            later(slot);
            return false;
        }
        Subscriber subscriber = slot.subscriber;
        if (!subscriber.pusher.isReady()) {
            if (!subscriber.blocked.contains(slot)) {
                subscriber.blocked.add(slot);
            }
            slot.told = null;
            return false;
        }
        send(slot);
        return true;
    }

    /** Whether there is something to tell; of a service that has gone meanwhile, that nobody is there. */
    private boolean isBehind(PushSlot slot) {
        long revision = services.revision(slot.service);
        return revision == 0 ? slot.sentRevision != 0 : slot.sentRevision < revision;
    }

    private void send(PushSlot slot) {
        ServiceView view = services.viewOrAbsent(slot.service);
        ServiceAnswer answer =
                new ServiceAnswer(slot.service, slot.clusters, view.payload(slot.clusters, false), time.now());
        long id = acknowledgements.nextId();
        long dirtySince = slot.dirtySinceNanos == 0 ? nanos.getAsLong() : slot.dirtySinceNanos;
        slot.dirtySinceNanos = 0;
        slot.sentRevision = view.revision();
        Push push = push(slot, id, answer);
        slot.subscriber.pusher.send(push);
        observer.sent(nanos.getAsLong() - dirtySince, answer.payload().count() == 0);
        if (!slot.subscriber.pusher.acknowledges()) {
            slot.acknowledgedRevision = view.revision();
            waits.acknowledged(slot);
            return;
        }
        slot.outstanding = id;
        acknowledgements.await(
                id, slot.subscriber.client, outcome -> over(slot, push, view.revision(), dirtySince, outcome));
    }

    /** Returns the change since the last push where the subscriber understands it and it is worth it, else the whole. */
    private Push push(PushSlot slot, long id, ServiceAnswer answer) {
        Shown told = slot.told;
        slot.told = slot.subscriber.pusher.takesChanges() ? answer.payload().shown() : null;
        Topic topic = topics.get(slot.service);
        ServiceDelta delta = told == null || topic == null ? null : topic.deltas.between(told, answer.payload());
        if (delta == null) {
            slot.wholeId = id;
            return new Push.Service(id, answer);
        }
        ServiceAnswer put = new ServiceAnswer(answer.service(), answer.clusters(), delta.put(), answer.lastRefTime());
        return new Push.Change(id, delta, put);
    }

    private void over(PushSlot slot, Push push, long revision, long dirtySince, Acknowledgements.Outcome outcome) {
        boolean acknowledged = outcome == Acknowledgements.Outcome.ACKNOWLEDGED;
        observer.over(nanos.getAsLong() - dirtySince, acknowledged);
        if (acknowledged) {
            slot.acknowledgedRevision = Math.max(slot.acknowledgedRevision, revision);
            waits.acknowledged(slot);
        }
        boolean change = push instanceof Push.Change;
        // Where a change did not fit, those that have followed it do not either: the whole ends that, once.
        boolean misfit = change && outcome == Acknowledgements.Outcome.REFUSED && push.id() > slot.wholeId;
        if (slot.outstanding != push.id() && !misfit) {
            return;
        }
        slot.outstanding = 0;
        if (!acknowledged && current(slot)) {
            slot.told = null;
            slot.sentRevision = Math.min(slot.acknowledgedRevision, revision - 1);
            if (outcome == Acknowledgements.Outcome.REFUSED && !change) {
                slot.retryAtMillis =
                        clock.monotonicMillis() + config.retryDelay().toMillis();
            }
            later(slot);
        }
    }

    private void later(PushSlot slot) {
        long delay = slot.dueMillis() - clock.monotonicMillis();
        if (delay <= 0) {
            loop.post(() -> tell(slot));
        } else {
            loop.after(Duration.ofMillis(delay), () -> tell(slot));
        }
    }

    private boolean current(PushSlot slot) {
        Topic topic = topics.get(slot.service);
        return topic != null && topic.slots.contains(slot);
    }

    private void drop(PushSlot slot) {
        Topic topic = topics.get(slot.service);
        if (topic != null && topic.slots.remove(slot)) {
            slots = slots() - 1;
            if (topic.slots.isEmpty()) {
                topics.remove(slot.service);
            }
        }
        slot.subscriber.blocked.remove(slot);
        waits.gone(slot);
    }
}
