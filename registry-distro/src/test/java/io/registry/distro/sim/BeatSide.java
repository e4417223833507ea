package io.registry.distro.sim;

import io.registry.distro.DistroChange;
import io.registry.distro.DistroProtocol;
import io.registry.distro.model.ClientId;
import io.registry.distro.model.ClientKind;
import io.registry.distro.model.DistroRecord;
import io.registry.distro.port.DistroClock;
import io.registry.distro.testkit.Parts;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a node does about beats, and about the want of them. */
final class BeatSide {

    /** The one part of what an instance publishes. */
    static final String PART = "instance";

    static final long UNHEALTHY_MILLIS = 15_000;
    static final long EXPIRY_MILLIS = 30_000;

    private static final String UNHEALTHY = " unhealthy";
    private static final List<String> CHANGED = List.of(PART);

    private final DistroProtocol<String, Parts> protocol;
    private final DistroClock clock;
    private final Map<ClientId, Watched> watched = new LinkedHashMap<>();

    private static final class Watched {
        private long lastMillis;
        private boolean mustRegister;
    }

    BeatSide(DistroProtocol<String, Parts> protocol, DistroClock clock) {
        this.protocol = protocol;
        this.clock = clock;
    }

    /** What an instance with this content publishes while it is healthy. */
    static Parts healthy(String content) {
        return Parts.of(PART, content);
    }

    /** What an instance publishes, healthy or not; null where it is not there. */
    @Nullable
    String content(ClientId client) {
        DistroRecord<Parts> record = protocol.record(client);
        String content =
                record == null || record.data() == null ? null : record.data().get(PART);
        return content == null || !content.endsWith(UNHEALTHY)
                ? content
                : content.substring(0, content.length() - UNHEALTHY.length());
    }

    BeatAnswer register(ClientId client, String content) {
        protocol.publish(client, ClientKind.BEAT, healthy(content), CHANGED);
        watch(client).mustRegister = false;
        return BeatAnswer.DONE;
    }

    BeatAnswer deregister(ClientId client) {
        watched.remove(client);
        protocol.withdraw(client);
        return BeatAnswer.DONE;
    }

    /**
     * Takes in a beat.
     *
     * @param full the content, where the beat brings it
     */
    BeatAnswer beat(ClientId client, @Nullable String full) {
        DistroRecord<Parts> record = protocol.record(client);
        if (record == null || record.data() == null) {
            return unknown(client, full);
        }
        if (!protocol.owns(client) || protocol.isOrphan(client)) {
            protocol.adopt(client);
            watch(client).mustRegister = true;
        }
        Watched entry = watch(client);
        String content = record.data().get(PART);
        if (content != null && content.endsWith(UNHEALTHY)) {
            String well = content.substring(0, content.length() - UNHEALTHY.length());
            protocol.revive(client, healthy(well), CHANGED);
        }
        return entry.mustRegister ? BeatAnswer.REGISTER : BeatAnswer.DONE;
    }

    /** What is known of a client may be old: it is asked to register when it beats. */
    void mustRegister(ClientId client) {
        Watched entry = watched.get(client);
        if (entry != null) {
            entry.mustRegister = true;
        }
    }

    boolean heardLately(ClientId client) {
        Watched entry = watched.get(client);
        return entry != null && clock.monotonicMillis() - entry.lastMillis <= UNHEALTHY_MILLIS;
    }

    /** Stops timing what another node has taken over, and what is gone. */
    void changed(DistroChange<String, Parts> change) {
        if (!protocol.owns(change.client())) {
            watched.remove(change.client());
        }
    }

    /** Looks who has fallen silent. */
    void sweep() {
        long nowMillis = clock.monotonicMillis();
        for (ClientId client : List.copyOf(watched.keySet())) {
            Watched entry = watched.get(client);
            long silentMillis = entry == null ? 0 : nowMillis - entry.lastMillis;
            if (silentMillis > EXPIRY_MILLIS) {
                watched.remove(client);
                protocol.expire(client);
            } else if (silentMillis > UNHEALTHY_MILLIS) {
                lapse(client);
            }
        }
    }

    private void lapse(ClientId client) {
        DistroRecord<Parts> record = protocol.record(client);
        String content =
                record == null || record.data() == null ? null : record.data().get(PART);
        if (content != null && !content.endsWith(UNHEALTHY)) {
            protocol.lapse(client, healthy(content + UNHEALTHY), CHANGED);
        }
    }

    private BeatAnswer unknown(ClientId client, @Nullable String full) {
        if (protocol.ignoresBeat(client)) {
            return BeatAnswer.DONE;
        }
        if (full == null || protocol.refusesBeat(client)) {
            return BeatAnswer.REGISTER;
        }
        protocol.createdByBeat(client, healthy(full), CHANGED);
        watch(client);
        return BeatAnswer.DONE;
    }

    /** Notes that a client was heard now. */
    private Watched watch(ClientId client) {
        Watched entry = watched.computeIfAbsent(client, each -> new Watched());
        entry.lastMillis = clock.monotonicMillis();
        return entry;
    }
}
