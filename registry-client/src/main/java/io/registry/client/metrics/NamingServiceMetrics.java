package io.registry.client.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.registry.api.ClientFigures;
import io.registry.api.ClientStatus;
import io.registry.api.NamingService;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/**
 * The meters of a {@link NamingService}, listed in {@code docs/client.md}. For applications with Micrometer on their
 * class path; nothing else in the SDK needs it.
 *
 * <pre>{@code
 * new NamingServiceMetrics(naming).bindTo(meterRegistry);
 * }</pre>
 *
 * <p>Meters read the client when they are read, and count nothing themselves. They do not keep the client from being
 * collected.
 *
 * <p><b>Threading</b>: any thread.
 */
public final class NamingServiceMetrics implements MeterBinder {

    private static final String PREFIX = "registry.client.";

    private final NamingService naming;
    private final List<Tag> tags;

    /** Shows a service that is the only one of its process to be shown. */
    public NamingServiceMetrics(NamingService naming) {
        this(naming, List.of());
    }

    /**
     * Shows one of several services.
     *
     * @param tags tell its meters from those of the others; without them, only those of the first service are kept
     */
    public NamingServiceMetrics(NamingService naming, Iterable<Tag> tags) {
        this.naming = naming;
        List<Tag> copy = new java.util.ArrayList<>();
        tags.forEach(copy::add);
        this.tags = List.copyOf(copy);
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        gauge(
                registry,
                "connected",
                "1 while a server is in use, else 0",
                status -> status.state() == ClientStatus.State.CONNECTED ? 1 : 0);
        gauge(registry, "registrations.wanted", "services registered for", ClientStatus::registrations);
        gauge(registry, "registrations.acknowledged", "those that the server has", ClientStatus::registered);
        gauge(registry, "subscriptions.wanted", "services followed", ClientStatus::subscriptions);
        gauge(registry, "subscriptions.acknowledged", "those that the server has", ClientStatus::subscribed);
        gauge(
                registry,
                "refused",
                "what the server refuses at the moment",
                status -> status.refused().size());
        Gauge.builder(PREFIX + "services", naming, from -> from.figures().services())
                .description("services known")
                .tags(tags)
                .register(registry);
        counter(
                registry,
                "reconnects",
                "connections after the first",
                figures -> Math.max(0, figures.connections() - 1));
        counter(registry, "pushes", "pushes of services received", ClientFigures::pushes);
        counter(registry, "repetitions", "requests made again", ClientFigures::repetitions);
        counter(registry, "refusals", "refusals for good reason", ClientFigures::refusals);
        counter(registry, "requests.unanswered", "requests without an answer", ClientFigures::unanswered);
        FunctionTimer.builder(
                        PREFIX + "requests",
                        naming,
                        from -> from.figures().answered(),
                        from -> from.figures().answerTime().toNanos(),
                        TimeUnit.NANOSECONDS)
                .description("requests that were answered")
                .tags(tags)
                .register(registry);
    }

    private void gauge(
            MeterRegistry registry, String name, String description, ToDoubleFunction<ClientStatus> reading) {
        Gauge.builder(PREFIX + name, naming, from -> reading.applyAsDouble(from.status()))
                .description(description)
                .tags(tags)
                .register(registry);
    }

    private void counter(
            MeterRegistry registry, String name, String description, ToLongFunction<ClientFigures> reading) {
        FunctionCounter.builder(PREFIX + name, naming, from -> reading.applyAsLong(from.figures()))
                .description(description)
                .tags(tags)
                .register(registry);
    }
}
