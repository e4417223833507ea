package io.registry.proto.payload;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a server answers to a unary request, beyond success and failure. */
public sealed interface ServerAnswer {

    /** Returns how it went. */
    Ack ack();

    /**
     * The answer to a server check.
     *
     * @param ack how it went
     * @param connectionId the server's name for the connection
     * @param supportAbilityNegotiation whether a set-up ack follows the set-up
     */
    record Check(Ack ack, String connectionId, boolean supportAbilityNegotiation) implements ServerAnswer {}

    /**
     * The answer to a query or subscription.
     *
     * @param ack how it went
     * @param service the service; null where the server sent none
     */
    record Service(Ack ack, @Nullable WireService service) implements ServerAnswer {}

    /**
     * The answer to a wait for subscribers.
     *
     * @param ack how it went
     * @param subscribers how many clients subscribed
     * @param missingCount how many of them have not acknowledged in time
     * @param missing who those are, or the first of them; unmodifiable
     */
    record Subscribers(Ack ack, int subscribers, int missingCount, List<String> missing) implements ServerAnswer {}

    /**
     * A page of services.
     *
     * @param ack how it went
     * @param count how many there are in all
     * @param names the bare names on the page; unmodifiable
     */
    record Services(Ack ack, int count, List<String> names) implements ServerAnswer {}
}
