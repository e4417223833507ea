package io.registry.server.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.registry.server.core.client.BeatMonitor;
import io.registry.server.core.client.ClientManager;
import io.registry.server.core.loop.RegistryLoop;
import io.registry.server.core.loss.LossGuard;
import io.registry.server.core.push.HttpSubscriptions;
import io.registry.server.core.push.PushService;
import io.registry.server.core.service.ServiceManager;
import io.registry.server.udp.UdpEndpoint;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToDoubleFunction;

/**
 * The figures of the node: under names of our own, and under the names that users of this protocol's other servers chart
 * already.
 */
public final class RegistryMetrics {

    private final MeterRegistry meters;

    /** Makes the figures of a registry of meters. */
    public RegistryMetrics(MeterRegistry meters) {
        this.meters = meters;
    }

    /** Registers the figures of the core. */
    public void bind(
            RegistryLoop loop,
            ServiceManager services,
            ClientManager clients,
            BeatMonitor beats,
            PushService pushes,
            PushFigures figures,
            HttpSubscriptions http,
            UdpEndpoint udp) {
        gauge("registry.services", services, ServiceManager::serviceCount);
        gauge("registry.instances", services, ServiceManager::instanceCount);
        gauge("registry.connections", clients, c -> c.connections().size());
        gauge("registry.clients", clients, c -> c.connections().size() + beats.size());
        gauge("registry.subscribers", pushes, PushService::slots);
        gauge("registry.push.outstanding", pushes, PushService::outstanding);
        gauge("registry.loop.queue", loop, RegistryLoop::waiting);
        counter("registry.loop.turns", loop, RegistryLoop::turns);
        counter("registry.loop.refused", loop, RegistryLoop::refused);
        counter("registry.loop.failures", loop, RegistryLoop::failures);
        FunctionCounter.builder("registry.loop.busy", loop, l -> l.busyNanos() / 1e9)
                .baseUnit("seconds")
                .register(meters);
        counter("registry.push.failures", figures, PushFigures::failed);
        counter("registry.push.empty", figures, PushFigures::empty);
        counter("registry.udp.sent", udp, UdpEndpoint::sent);
        counter("registry.udp.failed", udp, UdpEndpoint::failed);

        monitor("naming", "serviceCount", services, ServiceManager::serviceCount);
        monitor("naming", "ipCount", services, ServiceManager::instanceCount);
        monitor("naming", "subscriberCount", pushes, PushService::slots);
        monitor("naming", "totalPush", figures, PushFigures::total);
        monitor("naming", "failedPush", figures, f -> f.failed() + udp.failed());
        monitor("naming", "emptyPush", figures, PushFigures::empty);
        monitor("naming", "avgPushCost", figures, PushFigures::averageMillis);
        monitor("naming", "maxPushCost", figures, PushFigures::maxMillis);
        monitor("naming", "totalPushCountForAvg", figures, PushFigures::acknowledged);
        monitor("naming", "totalPushCostForAvg", figures, PushFigures::costMillis);
        monitor("naming", "pushPendingTaskCount", pushes, PushService::outstanding);
        monitor("naming", "serviceChangedEventQueueSize", loop, RegistryLoop::waiting);
        monitor("naming", "serviceSubscribedEventQueueSize", loop, RegistryLoop::waiting);
        monitor("core", "longConnection", clients, c -> c.connections().size());
        versioned("nacos_naming_subscriber", "v1", http, HttpSubscriptions::size);
        versioned("nacos_naming_subscriber", "v2", pushes, p -> Math.max(0, p.slots() - http.size()));
        versioned("nacos_naming_publisher", "v1", beats, BeatMonitor::size);
        versioned("nacos_naming_publisher", "v2", services, s -> Math.max(0, s.instanceCount() - beats.size()));
    }

    /** Registers the figures of losses that are held back. */
    public void bind(LossGuard guard) {
        gauge("registry.loss.guard.held", guard, LossGuard::held);
        gauge("registry.loss.guard.services", guard, LossGuard::holds);
        counters("registry.loss.guard.holds", "cause", guard.begun());
    }

    /**
     * Registers counters of one kind.
     *
     * @param tag what tells them apart
     * @param counters by the value of the tag
     */
    public void counters(String name, String tag, Map<String, LongAdder> counters) {
        counters.forEach((value, counter) -> FunctionCounter.builder(name, counter, LongAdder::sum)
                .tag(tag, value)
                .register(meters));
    }

    /** Registers a counter that its source keeps. */
    public <T> void counter(String name, T source, ToDoubleFunction<T> value) {
        FunctionCounter.builder(name, source, value).register(meters);
    }

    private <T> void gauge(String name, T source, ToDoubleFunction<T> value) {
        Gauge.builder(name, source, value).register(meters);
    }

    private <T> void monitor(String module, String name, T source, ToDoubleFunction<T> value) {
        Gauge.builder("nacos_monitor", source, value)
                .tag("module", module)
                .tag("name", name)
                .register(meters);
    }

    private <T> void versioned(String name, String version, T source, ToDoubleFunction<T> value) {
        Gauge.builder(name, source, value).tag("version", version).register(meters);
    }
}
