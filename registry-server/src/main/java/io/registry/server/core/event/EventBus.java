package io.registry.server.core.event;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers events to the subscribers, in the order of publication, at the end of the turn that published them. An event
 * published while one is delivered comes after it. One subscriber's exception is logged, and the others still get the
 * event.
 *
 * <p><b>Threading</b>: on the loop only. Subscribers are fixed when the node is wired.
 */
public final class EventBus {

    private static final Logger LOG = LoggerFactory.getLogger(EventBus.class);

    private final Queue<RegistryEvent> waiting = new ArrayDeque<>();
    private List<Consumer<RegistryEvent>> subscribers = List.of();

    /** Sets the subscribers. Called once, before the first event. */
    public void subscribers(List<Consumer<RegistryEvent>> all) {
        this.subscribers = List.copyOf(all);
    }

    /** Publishes a fact. */
    public void publish(RegistryEvent event) {
        waiting.add(event);
    }

    /** Delivers all that waits. */
    public void deliver() {
        RegistryEvent event = waiting.poll();
        while (event != null) {
            for (Consumer<RegistryEvent> subscriber : subscribers) {
                try {
                    subscriber.accept(event);
                } catch (RuntimeException e) {
                    LOG.error("a subscriber failed; the others are told all the same: event={}", event, e);
                }
            }
            event = waiting.poll();
        }
    }
}
