package io.registry.server.core.health;

import io.registry.api.error.RegistryException;
import io.registry.api.model.Instance;
import io.registry.api.model.ServiceKey;
import io.registry.distro.port.Cancellable;
import io.registry.distro.port.DistroClock;
import io.registry.distro.port.DistroTimer;
import io.registry.server.core.event.RegistryEvent;
import io.registry.server.core.persistent.ClusterConfig;
import io.registry.server.core.persistent.HealthCheck;
import io.registry.server.core.persistent.PersistentCommand;
import io.registry.server.core.persistent.PersistentLog;
import io.registry.server.core.persistent.PersistentState;
import io.registry.server.core.persistent.PersistentStore;
import io.registry.server.core.persistent.Switches;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks the persistent instances, where this node is the one of its group that does, and says through the log when one
 * has become healthy or unhealthy.
 *
 * <p>Three successes in a row make an instance healthy; a refusal makes it unhealthy at once, three failures in a row
 * do so too ({@link Switches}, {@code healthCheckTimes}). Instances for which the same is asked share one check. An
 * instance whose cluster has no check keeps the health that was registered or set by hand.
 *
 * <p><b>Threading</b>: everything on the thread of the timer; {@link #accept} and {@link #checks} from any thread.
 */
public final class HealthChecks implements Consumer<RegistryEvent> {

    private static final Logger LOG = LoggerFactory.getLogger(HealthChecks.class);

    /** How long changes of services gather before it is looked at what is to be checked. */
    private static final Duration GATHER = Duration.ofMillis(100);

    private static final int FLIP_AFTER = 3;

    /** About a fifth of a core's work. */
    private static final int CHECKS_PER_SECOND_MAX = 5_000;

    private static final Duration WARN_EVERY = Duration.ofSeconds(10);

    /** One instance of one service. */
    private record Watched(ServiceKey service, String ip, int port) {}

    /** One target, and who shares it. */
    private static final class Check {
        final HealthProbe.Target target;
        final CheckRhythm rhythm;
        final Set<Watched> watched = new LinkedHashSet<>();
        int successes;
        int failures;

        @Nullable
        Cancellable next;

        Check(HealthProbe.Target target, CheckRhythm rhythm) {
            this.target = target;
            this.rhythm = rhythm;
        }
    }

    private final DistroTimer timer;
    private final DistroClock clock;
    private final RandomGenerator random;
    private final HealthProbe probe;
    private final PersistentStore store;
    private final PersistentLog log;
    private final Switches switches;
    private final BooleanSupplier responsible;

    private final Map<HealthProbe.Target, Check> checks = new HashMap<>();
    private final Map<ServiceKey, Map<Watched, Check>> byService = new HashMap<>();
    private final Set<ServiceKey> changed = new LinkedHashSet<>();

    /** The services that have checks, so that changes of others cost nothing here. */
    private final Set<ServiceKey> followed = ConcurrentHashMap.newKeySet();

    /** The changes that are on their way, so that each is said once. */
    private final Set<Watched> proposed = new LinkedHashSet<>();

    /** How many results could not be kept since that was logged, and when it was. */
    private long unsaid;

    private long warnedMillis = Long.MIN_VALUE / 2;

    private volatile int size;
    private boolean closed;

    /**
     * Makes it; nothing is checked before {@link #start}.
     *
     * @param timer its thread: runs tasks one after another
     * @param responsible whether this node is the one that checks
     */
    public HealthChecks(
            DistroTimer timer,
            DistroClock clock,
            RandomGenerator random,
            HealthProbe probe,
            PersistentStore store,
            PersistentLog log,
            Switches switches,
            BooleanSupplier responsible) {
        this.timer = timer;
        this.clock = clock;
        this.random = random;
        this.probe = probe;
        this.store = store;
        this.log = log;
        this.switches = switches;
        this.responsible = responsible;
    }

    /** Begins with what is kept now. */
    public void start() {
        timer.after(Duration.ZERO, () -> store.state().services().keySet().forEach(this::look));
    }

    /** Ends all checks. */
    public void close() {
        timer.after(Duration.ZERO, () -> {
            closed = true;
            for (Check check : List.copyOf(checks.values())) {
                end(check);
            }
            byService.clear();
        });
    }

    @Override
    public void accept(RegistryEvent event) {
        if (event instanceof RegistryEvent.ServiceChanged change
                && (followed.contains(change.service())
                        || !store.state().service(change.service()).instances().isEmpty())) {
            timer.after(Duration.ZERO, () -> changed(change.service()));
        }
    }

    /** Returns how many targets are checked. From any thread. */
    public int checks() {
        return size;
    }

    private void changed(ServiceKey service) {
        if (changed.isEmpty()) {
            timer.after(GATHER, () -> {
                List<ServiceKey> all = List.copyOf(changed);
                changed.clear();
                all.forEach(this::look);
            });
        }
        changed.add(service);
    }

    /** Makes the checks of a service what they should be. */
    private void look(ServiceKey service) {
        if (closed) {
            return;
        }
        PersistentState.Service kept = store.state().service(service);
        Map<Watched, Check> before = byService.getOrDefault(service, Map.of());
        Map<Watched, Check> now = new LinkedHashMap<>();
        for (Instance instance : kept.instances().values()) {
            HealthProbe.Target target = target(kept, instance);
            if (target == null) {
                continue;
            }
            Watched watched = new Watched(service, instance.ip(), instance.port());
            Check check = before.get(watched);
            if (check == null || !check.target.equals(target)) {
                check = checks.computeIfAbsent(target, this::begin);
                check.watched.add(watched);
            }
            now.put(watched, check);
        }
        before.forEach((watched, check) -> {
            if (now.get(watched) != check) {
                check.watched.remove(watched);
                if (check.watched.isEmpty()) {
                    end(check);
                }
            }
        });
        if (now.isEmpty()) {
            byService.remove(service);
            followed.remove(service);
        } else {
            byService.put(service, now);
            followed.add(service);
        }
        size = checks.size();
    }

    private static HealthProbe.@Nullable Target target(PersistentState.Service kept, Instance instance) {
        ClusterConfig config = kept.clusters().getOrDefault(instance.cluster(), ClusterConfig.DEFAULT);
        HealthCheck check = config.check();
        if (check.type() != HealthCheck.Type.TCP && check.type() != HealthCheck.Type.HTTP) {
            return null;
        }
        return new HealthProbe.Target(
                instance.ip(), config.useInstancePort() ? instance.port() : config.checkPort(), check);
    }

    private Check begin(HealthProbe.Target target) {
        Check check = new Check(target, new CheckRhythm(target.check(), random));
        schedule(check);
        return check;
    }

    private void end(Check check) {
        checks.remove(check.target);
        check.watched.clear();
        if (check.next != null) {
            check.next.cancel();
        }
        size = checks.size();
    }

    private void schedule(Check check) {
        // Above so many, all are asked less often than they would be.
        long fair = checks.size() * 1_000L / CHECKS_PER_SECOND_MAX;
        long delay = Math.max(check.rhythm.delayMillis(), fair);
        check.next = timer.after(Duration.ofMillis(delay), () -> run(check));
    }

    private void run(Check check) {
        if (checks.get(check.target) != check) {
            return;
        }
        if (!switches.checkEnabled() || !responsible.getAsBoolean()) {
            check.successes = 0;
            check.failures = 0;
            schedule(check);
            return;
        }
        long start = clock.monotonicMillis();
        probe.check(check.target, result -> {
            if (checks.get(check.target) != check) {
                return;
            }
            check.rhythm.took(result, clock.monotonicMillis() - start);
            count(check, result);
            schedule(check);
        });
    }

    private void count(Check check, HealthProbe.Result result) {
        long times = Math.max(1, switches.number("healthCheckTimes", FLIP_AFTER));
        switch (result) {
            case SUCCESS -> {
                check.failures = 0;
                if (++check.successes >= times) {
                    say(check, true);
                }
            }
            case REFUSED -> {
                check.successes = 0;
                check.failures++;
                say(check, false);
            }
            case FAILURE -> {
                check.successes = 0;
                if (++check.failures >= times) {
                    say(check, false);
                }
            }
            case NOT_ASKED -> {
                check.successes = 0;
                check.failures = 0;
            }
        }
    }

    /** Says through the log what has become of those whose kept health is another. */
    private void say(Check check, boolean healthy) {
        for (Watched watched : new ArrayList<>(check.watched)) {
            Instance kept =
                    store.state().service(watched.service()).instances().get(watched.ip() + ":" + watched.port());
            if (kept == null || kept.healthy() == healthy || !proposed.add(watched)) {
                continue;
            }
            propose(new PersistentCommand.SetHealth(watched.service(), watched.ip(), watched.port(), healthy))
                    .whenComplete(
                            (change, failure) -> timer.after(Duration.ZERO, () -> said(watched, healthy, failure)));
        }
    }

    private CompletionStage<@Nullable Void> propose(PersistentCommand command) {
        try {
            return log.propose(command);
        } catch (RegistryException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private void said(Watched watched, boolean healthy, @Nullable Throwable failure) {
        proposed.remove(watched);
        if (failure == null) {
            LOG.debug(
                    "checked: service={} address={}:{} healthy={}",
                    watched.service(),
                    watched.ip(),
                    watched.port(),
                    healthy);
            return;
        }
        // The next result says it again, and so do those of thousands of others.
        unsaid++;
        if (clock.monotonicMillis() - warnedMillis >= WARN_EVERY.toMillis()) {
            warnedMillis = clock.monotonicMillis();
            LOG.warn(
                    "results of checks not kept yet: count={} service={} address={}:{} healthy={} cause={}",
                    unsaid,
                    watched.service(),
                    watched.ip(),
                    watched.port(),
                    healthy,
                    failure.getMessage());
            unsaid = 0;
        }
    }
}
