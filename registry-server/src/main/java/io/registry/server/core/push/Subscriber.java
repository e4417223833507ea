package io.registry.server.core.push;

import io.registry.api.model.ServiceKey;
import io.registry.distro.model.ClientId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Somebody who is told of changes, over one way.
 *
 * <p><b>Threading</b>: written on the loop; the slots of a service may be looked up from any thread.
 */
final class Subscriber {

    final ClientId client;
    final Pusher pusher;

    /** The slots by service: one for each filter. The lists are replaced, never changed. */
    final ConcurrentMap<ServiceKey, List<PushSlot>> slots = new ConcurrentHashMap<>();

    /** Slots that could not be told because the way was blocked. */
    final List<PushSlot> blocked = new ArrayList<>();

    Subscriber(ClientId client, Pusher pusher) {
        this.client = client;
        this.pusher = pusher;
    }
}
