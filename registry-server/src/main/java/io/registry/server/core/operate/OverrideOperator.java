package io.registry.server.core.operate;

import io.registry.api.error.ErrorCode;
import io.registry.api.error.RegistryException;
import io.registry.api.model.ServiceKey;
import io.registry.distro.port.DistroClock;
import io.registry.server.core.persistent.InstanceOverride;
import io.registry.server.core.persistent.InstancePatch;
import io.registry.server.core.persistent.OverrideTarget;
import io.registry.server.core.persistent.PersistentCommand;
import io.registry.server.core.persistent.PersistentLog;
import io.registry.server.core.persistent.PersistentState;
import io.registry.server.core.persistent.PersistentStore;
import io.registry.server.core.service.ServiceManager;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * What operators set about instances, for a scope and, if they like, for a time.
 *
 * <p><b>Threading</b>: from any thread. <b>Errors</b>: a method throws, or its stage fails with, a {@link
 * RegistryException}, and nothing has changed then.
 */
public final class OverrideOperator {

    /** The farthest end: what is meant to stay for longer needs none. */
    public static final Duration TERM_MAX = Duration.ofDays(3650);

    /** How many overrides one service may have; operators set a few, and scripts one for each instance. */
    private static final int OVERRIDES_MAX = 100_000;

    private final ServiceManager services;
    private final PersistentStore store;
    private final PersistentLog log;
    private final DistroClock clock;
    private final NodeLimits limits;

    OverrideOperator(
            ServiceManager services, PersistentStore store, PersistentLog log, DistroClock clock, NodeLimits limits) {
        this.services = services;
        this.store = store;
        this.log = log;
        this.clock = clock;
        this.limits = limits;
    }

    /** One override, and what it is about. */
    public record Entry(ServiceKey service, OverrideTarget target, InstanceOverride override) {}

    /** Returns the time, in milliseconds since 1970, by which ends are told. */
    public long nowMillis() {
        return clock.wallMillis();
    }

    /**
     * Sets what an operator says about instances, in place of what was set for the same target. An address or a service
     * need not be there yet; an incarnation has to be.
     *
     * @param set what is set; at least one thing
     * @param expiresAtMillis when it ends, in milliseconds since 1970, or {@link InstanceOverride#NEVER}
     * @throws RegistryException {@code INSTANCE_NOT_FOUND} where the incarnation is not there
     */
    public CompletionStage<@Nullable Void> set(
            ServiceKey service, OverrideTarget target, InstancePatch set, long expiresAtMillis) {
        if (set.weight() == null && set.enabled() == null && set.metadata() == null) {
            throw invalid("nothing is set (expected: weight, enabled or metadata)");
        }
        long now = clock.wallMillis();
        if (expiresAtMillis != InstanceOverride.NEVER
                && (expiresAtMillis <= now || expiresAtMillis > now + TERM_MAX.toMillis())) {
            throw invalid("end: " + expiresAtMillis + " (expected: after now, " + now + ", and within "
                    + TERM_MAX.toDays() + " days)");
        }
        if (target.scope() == OverrideTarget.Scope.INCARNATION
                && services.viewOrAbsent(service).instance(target.ip(), target.port(), target.cluster()) == null) {
            throw new RegistryException(
                    ErrorCode.INSTANCE_NOT_FOUND,
                    "instance " + target + " of " + service.groupedName()
                            + " is not there (expected: one that is, or scope=address)");
        }
        checkRoom(service, target);
        Map<String, String> metadata = set.metadata() == null ? Map.of() : set.metadata();
        InstanceOverride override = new InstanceOverride(set.weight(), set.enabled(), metadata, now, expiresAtMillis);
        return log.propose(new PersistentCommand.PutOverride(service, target, override));
    }

    /**
     * Removes what was set for a target.
     *
     * @return whether there was something
     */
    public CompletionStage<Boolean> remove(ServiceKey service, OverrideTarget target) {
        if (!live(service).overrides().containsKey(target)) {
            return CompletableFuture.completedFuture(false);
        }
        return log.propose(new PersistentCommand.DropOverrides(service, List.of(target)))
                .thenApply(done -> true);
    }

    /** Returns what is set about the instances of a service, in order. */
    public List<Entry> of(ServiceKey service) {
        List<Entry> entries = new ArrayList<>();
        live(service).overrides().forEach((target, override) -> entries.add(new Entry(service, target, override)));
        return entries;
    }

    /** Returns what is set about the instances of a namespace, in order. */
    public List<Entry> of(String namespace) {
        List<Entry> entries = new ArrayList<>();
        for (ServiceKey service : store.state().services().keySet()) {
            if (service.namespace().equals(namespace)) {
                entries.addAll(of(service));
            }
        }
        return entries;
    }

    private PersistentState.Service live(ServiceKey service) {
        return store.state().service(service).at(clock.wallMillis());
    }

    private void checkRoom(ServiceKey service, OverrideTarget target) {
        PersistentState state = store.state();
        PersistentState.Service kept = state.services().get(service);
        if (kept == null && state.services().size() >= limits.services()) {
            throw new RegistryException(
                    ErrorCode.OVER_LIMIT,
                    "services about which something is kept: "
                            + state.services().size() + " (expected: fewer than " + limits.services() + " to add one)");
        }
        if (kept != null
                && kept.overrides().size() >= OVERRIDES_MAX
                && !kept.overrides().containsKey(target)) {
            throw new RegistryException(
                    ErrorCode.OVER_LIMIT,
                    "overrides of " + service.groupedName() + ": " + OVERRIDES_MAX + " (expected: fewer)");
        }
    }

    private static RegistryException invalid(String text) {
        return new RegistryException(ErrorCode.INVALID_PARAMETER, text);
    }
}
