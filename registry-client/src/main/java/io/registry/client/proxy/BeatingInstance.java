package io.registry.client.proxy;

import io.registry.api.error.ErrorCode;
import io.registry.api.error.RegistryException;
import io.registry.api.model.Instance;
import io.registry.api.model.ServiceKey;
import io.registry.client.runtime.ClientCounters;
import io.registry.client.runtime.ClientLoop;
import io.registry.client.runtime.Outcome;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One ephemeral instance over HTTP: registered, and kept by beats. Where a server does not have it, or the first
 * registration met no server, it is registered with the next beat.
 *
 * <p><b>Threading</b>: for the client loop.
 */
final class BeatingInstance {

    private static final Logger log = LoggerFactory.getLogger(BeatingInstance.class);

    /** Refusals for good reason; every other failure may be over at the next beat. */
    private static final Set<ErrorCode> FOR_GOOD = Set.of(ErrorCode.INVALID_PARAMETER, ErrorCode.FORBIDDEN);

    private final ClientLoop loop;
    private final HttpNaming http;
    private final ServiceKey service;
    private final ClientCounters counters;
    private Instance instance;
    private boolean registered;
    private boolean light;
    private boolean over;
    private long intervalMillis;
    private @Nullable String refusal;
    private int generation;

    BeatingInstance(ClientLoop loop, HttpNaming http, ServiceKey service, Instance instance, ClientCounters counters) {
        this.loop = loop;
        this.http = http;
        this.service = service;
        this.instance = instance;
        this.counters = counters;
        this.intervalMillis = instance.heartBeatIntervalMillis();
    }

    boolean registered() {
        return registered;
    }

    @Nullable
    String refusal() {
        return refusal;
    }

    String subject() {
        return "registration " + service.groupedName() + " " + instance.address();
    }

    /** Registers the instance as it is from now on. */
    CompletableFuture<Void> register(Instance next) {
        instance = next;
        light = false;
        intervalMillis = next.heartBeatIntervalMillis();
        int number = ++generation;
        CompletableFuture<Void> call = http.register(service, next);
        Outcome.of(call, (nothing, failure) -> {
            if (over || number != generation) {
                return;
            }
            if (failure == null) {
                registered = true;
                refusal = null;
            } else {
                registered = false;
                refused(failure);
            }
            beatLater(number);
        });
        return call;
    }

    /** Ends the beats and deregisters the instance. */
    CompletableFuture<Void> end() {
        over = true;
        return http.deregister(service, instance);
    }

    /** Ends the beats, and nothing more: the registration was refused. */
    void forget() {
        over = true;
    }

    private void beatLater(int number) {
        loop.after(Duration.ofMillis(Math.max(100, intervalMillis)), () -> beat(number));
    }

    private void beat(int number) {
        if (over || number != generation) {
            return;
        }
        if (!registered) {
            if (refusal == null) {
                again();
            }
            return;
        }
        Outcome.of(http.beat(service, instance, light), (answer, failure) -> {
            if (over || number != generation) {
                return;
            }
            if (failure != null) {
                log.debug("beat failed: {} cause={}", subject(), failure.getMessage());
                light = false;
            } else if (answer.code() == HttpNaming.NOT_REGISTERED) {
                log.info("not known to the server, registering again: {}", subject());
                registered = false;
                again();
                return;
            } else {
                light = answer.light();
                if (answer.intervalMillis() > 0) {
                    intervalMillis = answer.intervalMillis();
                }
            }
            beatLater(number);
        });
    }

    private void again() {
        counters.repeated();
        Outcome.of(register(instance), (nothing, failure) -> {
            // Dealt with where the call was made.
        });
    }

    private void refused(Throwable failure) {
        if (failure instanceof RegistryException refused && FOR_GOOD.contains(refused.code())) {
            counters.refused();
            if (refusal == null) {
                log.warn("refused by the server, not repeated: {} cause={}", subject(), failure.getMessage());
            }
            refusal = failure.getMessage();
        }
    }
}
