package io.registry.grpc;

import io.grpc.EquivalentAddressGroup;
import io.grpc.NameResolver;
import io.grpc.Status;
import io.grpc.StatusOr;
import io.grpc.SynchronizationContext;
import io.registry.api.NamingService;
import io.registry.api.error.RegistryException;
import io.registry.api.listen.ServiceChange;
import io.registry.api.listen.ServiceListener;
import io.registry.api.model.Instance;
import io.registry.api.select.InstanceSelector;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows one service for one channel.
 *
 * <p>Each list has a number, given before it is looked at, so that one which took longer to look at does not replace a
 * newer one.
 *
 * <p><b>Threading</b>: gRPC calls it in the synchronization context of its channel, and is told there. What waits for the
 * registry or for names of hosts is done on the channel's executor for such work: following and leaving one after the
 * other, lists as they come.
 */
final class RegistryNameResolver extends NameResolver {

    private static final Logger log = LoggerFactory.getLogger(RegistryNameResolver.class);

    private final Target target;
    private final NamingSource source;
    private final InstanceSelector selector;
    private final ServiceListener following = this::changed;
    private final SynchronizationContext context;
    private final Executor offload;
    private final AtomicLong lists = new AtomicLong();
    private volatile boolean over;

    // In the synchronization context only.
    private CompletableFuture<Void> work = CompletableFuture.completedFuture(null);
    private @Nullable Listener2 listener;
    private long shown;
    private boolean resolved;
    private List<String> unusable = List.of();

    RegistryNameResolver(Target target, NamingSource source, Args args) {
        this.target = target;
        this.source = source;
        this.selector = InstanceSelector.clusters(target.clusters()).and(InstanceSelector.healthy());
        this.context = args.getSynchronizationContext();
        Executor given = args.getOffloadExecutor();
        this.offload = given == null ? Runnable::run : given;
    }

    /** Returns the name of the service, in the characters that an authority may have. */
    @Override
    public String getServiceAuthority() {
        StringBuilder authority = new StringBuilder();
        for (byte each : target.service().getBytes(StandardCharsets.UTF_8)) {
            char character = (char) (each & 0xff);
            if (character < 0x80 && (Character.isLetterOrDigit(character) || "-._~".indexOf(character) >= 0)) {
                authority.append(character);
            } else {
                authority.append('%').append(String.format("%02X", (int) character));
            }
        }
        return authority.toString();
    }

    @Override
    public void start(Listener2 value) {
        listener = value;
        inOrder(this::follow);
    }

    /** Asks again where there is nobody to call; else every change is told anyway. */
    @Override
    public void refresh() {
        if (!resolved && !over) {
            inOrder(this::follow);
        }
    }

    @Override
    public void shutdown() {
        over = true;
        inOrder(this::leave);
    }

    private void inOrder(Runnable task) {
        work = work.thenRunAsync(
                () -> {
                    try {
                        task.run();
                    } catch (RuntimeException e) {
                        failed(Status.UNAVAILABLE
                                .withDescription(target.shown() + ": the registry was not asked: " + e)
                                .withCause(e));
                    }
                },
                offload);
    }

    private void follow() {
        if (over) {
            return;
        }
        NamingService naming = source.open();
        try {
            naming.subscribe(target.service(), target.group(), selector, following);
            // A list without anybody is not told to a listener.
            long number = lists.incrementAndGet();
            show(number, naming.selectInstances(target.service(), target.group(), target.clusters(), true, true));
        } catch (RegistryException e) {
            failed(Status.UNAVAILABLE
                    .withDescription(target.shown() + ": " + e.getMessage())
                    .withCause(e));
        }
    }

    private void leave() {
        NamingService naming = source.used();
        try {
            if (naming != null) {
                naming.unsubscribe(target.service(), target.group(), selector, following);
            }
        } catch (RegistryException e) {
            log.debug("not unsubscribed, the client is closed: service={}", target.shown(), e);
        }
        source.close();
    }

    private void changed(ServiceChange change) {
        if (!over) {
            long number = lists.incrementAndGet();
            offload.execute(() -> show(number, change.instances()));
        }
    }

    private void show(long number, List<Instance> instances) {
        Addresses addresses = Addresses.of(instances);
        context.execute(() -> {
            if (number > shown) {
                shown = number;
                warn(addresses.unusable());
                resolved = !addresses.groups().isEmpty();
                tell(
                        resolved
                                ? StatusOr.fromValue(addresses.groups())
                                : StatusOr.fromStatus(Status.UNAVAILABLE.withDescription(nobody(addresses))));
            }
        });
    }

    private String nobody(Addresses addresses) {
        return "no usable instance of " + target.shown()
                + (addresses.unusable().isEmpty() ? "" : ", not usable: " + addresses.unusable());
    }

    private void warn(List<String> now) {
        if (!now.equals(unusable) && !now.isEmpty()) {
            log.warn("instances not called: service={} instances={}", target.shown(), now);
        }
        unusable = now;
    }

    /** Tells why nothing is known; what is known stays. */
    private void failed(Status status) {
        context.execute(() -> {
            if (!resolved) {
                tell(StatusOr.fromStatus(status));
            }
        });
    }

    private void tell(StatusOr<List<EquivalentAddressGroup>> outcome) {
        Listener2 to = listener;
        if (to == null || over) {
            return;
        }
        Status taken = to.onResult2(
                ResolutionResult.newBuilder().setAddressesOrError(outcome).build());
        log.debug("addresses: service={} given={} taken={}", target.shown(), outcome, taken);
    }
}
