package io.registry.server.core.loss;

import io.registry.api.model.Instance;
import io.registry.api.model.ServiceKey;
import io.registry.distro.model.Cause;
import io.registry.distro.model.ClientId;
import io.registry.distro.port.DistroClock;
import io.registry.distro.port.DistroTimer;
import io.registry.distro.task.DelayTaskEngine;
import io.registry.server.core.client.Publication;
import io.registry.server.core.client.Published;
import io.registry.server.core.event.EventBus;
import io.registry.server.core.event.Origin;
import io.registry.server.core.event.RegistryEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.pcollections.TreePMap;

/**
 * Holds back the loss of most of a service: where within a short time more of its instances are lost than may be, from
 * several addresses, and nobody has said that they are gone, it is likelier that something between them and this node
 * has failed. Consumers go on being shown them, for a while.
 *
 * <p>Lost is an instance whose last publisher expired, lost its connection, or was an orphan that nobody came back for.
 * Who deregisters is not lost, and is never held. All that was lost within the window is one loss: when it has become too
 * much, what had gone already is shown again, so that it makes no difference whether one word or many brought it.
 *
 * <p>A hold ends for an instance that somebody publishes again, or deregisters; and for all when none is left, when no
 * more are missing than may go and that has been so for the window, when its time is over, or when an operator ends it.
 * What was let go is not held again before it has come back.
 *
 * <p>Records are not touched, so neither replication nor what nodes compare knows of holds; nodes may differ in them.
 *
 * <p><b>Cost</b>: of a registration one look-up, and none while nothing is lost. The instances of a service are counted
 * when the first of them is lost, and kept count of until the window is over.
 *
 * <p><b>Bounds</b>: see {@link ServiceLosses} and {@link LossGuardConfig#rememberedMax}; what is beyond goes at once.
 *
 * <p><b>Threading</b>: on the loop, but for the figures.
 */
public final class LossGuard {

    /** The causes that are losses. */
    private static final Set<Cause> LOSSES = Set.of(Cause.DISCONNECTED, Cause.SILENCE, Cause.OMITTED, Cause.FORGOTTEN);

    private final LossGuardConfig config;
    private final DistroClock clock;
    private final EventBus events;
    private final DelayTaskEngine<ServiceKey> deadlines;
    private final Map<ServiceKey, ServiceLosses> watched = new LinkedHashMap<>();
    private final Map<Cause, LongAdder> begun = new EnumMap<>(Cause.class);
    private BiConsumer<ServiceKey, TreePMap<ClientId, Published>> index = (service, held) -> {};
    private final AtomicInteger held = new AtomicInteger();
    private final AtomicInteger holds = new AtomicInteger();
    private int remembered;

    /**
     * What follows from a change.
     *
     * @param held what is to be shown beside what is published
     * @param visible whether what is shown differs from before; false where all that has gone is held in its place
     */
    public record Verdict(TreePMap<ClientId, Published> held, boolean visible) {}

    /** Makes a guard that has seen nothing. */
    public LossGuard(LossGuardConfig config, DistroTimer timer, DistroClock clock, EventBus events) {
        this.config = config;
        this.clock = clock;
        this.events = events;
        this.deadlines = new DelayTaskEngine<>(clock, timer, Math.max(1, config.rememberedMax()));
        LOSSES.forEach(cause -> begun.put(cause, new LongAdder()));
    }

    /**
     * Sets who shows a service with other publications held than before, when that follows from no change. Called once,
     * before the first change.
     */
    public void onChange(BiConsumer<ServiceKey, TreePMap<ClientId, Published>> shown) {
        this.index = shown;
    }

    /** Returns whether a change of a service has to be told to {@link #changed}. */
    public boolean concerns(ServiceKey service, Cause cause) {
        return (LOSSES.contains(cause) && config.enabled()) || (!watched.isEmpty() && watched.containsKey(service));
    }

    /**
     * Takes in a change.
     *
     * @param before what was published about the service, by client
     * @param client whose publication has changed
     * @param now what it publishes now; null where nothing
     * @param cause why
     */
    public Verdict changed(
            ServiceKey service,
            TreePMap<ClientId, Published> before,
            ClientId client,
            @Nullable Publication now,
            Cause cause) {
        Published old = before.get(client);
        ServiceLosses losses = watched.get(service);
        if (losses == null) {
            if (old == null || now != null) {
                return new Verdict(TreePMap.empty(), true);
            }
            losses = new ServiceLosses(before, clock.monotonicMillis());
            // Many clients of few instances are watched too, so that they are not counted anew for each that is lost.
            if (losses.living() < config.instances() && before.size() < config.instances()) {
                return new Verdict(TreePMap.empty(), true);
            }
            watched.put(service, losses);
        }
        boolean wasHeld = losses.running != null;
        boolean visible = true;
        if (now != null) {
            losses.publishes(client, old == null ? null : old.publication(), now);
        } else if (old != null && LOSSES.contains(cause)) {
            int room = config.rememberedMax() - remembered;
            visible = !losses.loses(client, old, cause, clock.monotonicMillis(), room) || !wasHeld;
        } else if (old != null) {
            losses.leaves(old.publication());
        }
        String why = now == null ? "more is lost than is remembered" : "its client is back without it";
        sayWhatGoes(service, losses, why, null);
        look(service, losses, now == null && LOSSES.contains(cause) ? cause : null);
        return new Verdict(losses.held(), visible || wasHeld != (losses.running != null));
    }

    /**
     * Looks at what is lost after it has changed, or when a deadline has come.
     *
     * @param cause of the loss that has just come; null where none has, since nothing else begins a hold
     */
    private void look(ServiceKey service, ServiceLosses losses, @Nullable Cause cause) {
        long now = clock.monotonicMillis();
        ServiceLosses.Running running = losses.running;
        if (running == null) {
            losses.forgetBefore(now - config.window().toMillis());
            if (now - losses.latestMillis() > config.window().toMillis()) {
                drop(service, losses);
                return;
            }
            if (cause != null && isTooMuch(losses, now)) {
                begin(service, losses, cause, now);
            }
        } else {
            String end = end(losses, running, now);
            if (end != null) {
                end(service, losses, end);
                return;
            }
        }
        account(losses);
        arm(service, losses, now);
    }

    private boolean isTooMuch(ServiceLosses losses, long now) {
        int had = losses.had(now, config.window().toMillis());
        return had >= config.instances()
                && losses.addresses() >= config.addresses()
                && config.isMost(losses.lost(), had);
    }

    /** Returns why a hold is over; null where it is not. */
    private @Nullable String end(ServiceLosses losses, ServiceLosses.Running running, long now) {
        if (losses.lost() == 0) {
            return "none is missing";
        }
        if (now - running.beganMillis >= config.hold().toMillis()) {
            return "time is over";
        }
        if (config.isMost(losses.lost(), losses.lost() + losses.living())) {
            running.recoveredMillis = null;
            return null;
        }
        if (running.recoveredMillis == null) {
            running.recoveredMillis = now;
        }
        return now - running.recoveredMillis >= config.window().toMillis() ? "enough are back" : null;
    }

    private void begin(ServiceKey service, ServiceLosses losses, Cause cause, long now) {
        losses.hold(new ServiceLosses.Running(now, clock.wallMillis()));
        holds.incrementAndGet();
        LongAdder counter = begun.get(cause);
        if (counter != null) {
            counter.increment();
        }
        events.publish(new RegistryEvent.LossHeld(
                service,
                losses.lost(),
                losses.living(),
                losses.addresses(),
                cause.name().toLowerCase(Locale.ROOT)));
    }

    private void end(ServiceKey service, ServiceLosses losses, String why) {
        List<Instance> gone = new ArrayList<>(losses.lost());
        losses.forEachLost((instance, cause) -> gone.add(instance));
        events.publish(new RegistryEvent.LossLetGo(service, gone, why, null));
        holds.decrementAndGet();
        drop(service, losses);
    }

    /** Tells of what is shown no longer though the hold goes on. */
    private void sayWhatGoes(ServiceKey service, ServiceLosses losses, String why, @Nullable Origin origin) {
        List<Instance> gone = losses.takeShownNoLonger();
        if (!gone.isEmpty()) {
            events.publish(new RegistryEvent.LossLetGo(service, gone, why, origin));
        }
    }

    private void drop(ServiceKey service, ServiceLosses losses) {
        losses.running = null;
        losses.forgetBefore(Long.MAX_VALUE);
        account(losses);
        watched.remove(service);
        deadlines.cancel(service);
    }

    private void account(ServiceLosses losses) {
        int heldNow = losses.running == null ? 0 : losses.lost();
        remembered += losses.lost() - losses.counted;
        held.addAndGet(heldNow - losses.countedHeld);
        losses.counted = losses.lost();
        losses.countedHeld = heldNow;
    }

    private void arm(ServiceKey service, ServiceLosses losses, long now) {
        ServiceLosses.Running running = losses.running;
        long due;
        if (running == null) {
            due = losses.latestMillis() + config.window().toMillis() + 1;
        } else {
            due = running.beganMillis + config.hold().toMillis();
            if (running.recoveredMillis != null) {
                due = Math.min(due, running.recoveredMillis + config.window().toMillis());
            }
        }
        deadlines.submit(service, Duration.ofMillis(due - now), () -> due(service));
    }

    private void due(ServiceKey service) {
        ServiceLosses losses = watched.get(service);
        if (losses == null) {
            return;
        }
        boolean wasHeld = losses.running != null;
        look(service, losses, null);
        if (wasHeld && losses.running == null) {
            index.accept(service, losses.held());
        }
    }

    /** Forgets a service that is no more; nothing of it is held. */
    public void forget(ServiceKey service) {
        ServiceLosses losses = watched.get(service);
        if (losses != null) {
            drop(service, losses);
        }
    }

    /** Returns whether an instance at an address was lost lately, or is held; in whichever cluster. */
    public boolean isLost(ServiceKey service, String ip, int port) {
        ServiceLosses losses = watched.isEmpty() ? null : watched.get(service);
        return losses != null && losses.isLost(ip, port);
    }

    /**
     * Takes in that somebody has deregistered an address that nobody publishes any more: it is held no longer.
     *
     * @param origin who has; null where another node was asked
     */
    public void deregistered(ServiceKey service, String ip, int port, @Nullable Origin origin) {
        ServiceLosses losses = watched.isEmpty() ? null : watched.get(service);
        if (losses == null || !losses.forget(ip, port)) {
            return;
        }
        boolean wasHeld = losses.running != null;
        sayWhatGoes(service, losses, "deregistered", origin);
        look(service, losses, null);
        if (wasHeld) {
            index.accept(service, losses.held());
        }
    }

    /**
     * Ends a hold: what nobody publishes goes.
     *
     * @return how many instances; 0 where no hold of the service runs
     */
    public int letGo(ServiceKey service) {
        ServiceLosses losses = watched.get(service);
        if (losses == null || losses.running == null) {
            return 0;
        }
        int gone = losses.lost();
        end(service, losses, "an operator has ended it");
        index.accept(service, losses.held());
        return gone;
    }

    /** Returns all holds that run, in the order in which their losses began. */
    public List<Hold> list() {
        List<Hold> list = new ArrayList<>();
        watched.forEach((service, losses) -> {
            ServiceLosses.Running running = losses.running;
            if (running != null) {
                List<Hold.Lost> lost = new ArrayList<>(losses.lost());
                losses.forEachLost((instance, cause) -> lost.add(new Hold.Lost(instance, cause)));
                long passed = clock.monotonicMillis() - running.beganMillis;
                list.add(new Hold(
                        service,
                        lost,
                        losses.living(),
                        losses.addresses(),
                        running.beganWallMillis,
                        Math.max(0, config.hold().toMillis() - passed)));
            }
        });
        return list;
    }

    /** Returns how many instances are held. From any thread. */
    public int held() {
        return held.get();
    }

    /** Returns how many holds run, each of one service. From any thread. */
    public int holds() {
        return holds.get();
    }

    /** Returns how many holds have begun, by the cause of the loss with which it was too much, as a word. From any thread. */
    public Map<String, LongAdder> begun() {
        Map<String, LongAdder> byWord = new LinkedHashMap<>();
        begun.forEach((cause, counter) -> byWord.put(cause.name().toLowerCase(Locale.ROOT), counter));
        return byWord;
    }
}
