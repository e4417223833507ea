package io.registry.server.core.client;

import io.registry.api.model.ServiceKey;
import io.registry.distro.model.ClientId;
import io.registry.distro.port.Cancellable;
import io.registry.distro.port.DistroClock;
import io.registry.distro.port.DistroTimer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * When each beating instance of this node was last heard, and what follows when it is not.
 *
 * <p>A beat writes one number. Instances wait in buckets of half a second for the time at which they could first be
 * overdue; only then is one looked at, and moved to its next bucket. So the cost is one look per instance and time-out,
 * and nothing per instance and tick.
 *
 * <p><b>Threading</b>: on the loop only.
 */
public final class BeatMonitor {

    /** The width of a bucket: half of the second to which expiry is promised. */
    private static final long BUCKET_MILLIS = 500;

    /** What happens when an instance falls silent. */
    public interface Silence {

        /** Returns the times of an instance as they are now; read each time one is due. */
        Times times(ClientId client);

        /** An instance has not been heard for its time-out. Called once for each silence. */
        void unhealthy(ClientId client);

        /** An instance has not been heard for its delete time-out; the monitor has forgotten it. */
        void expired(ClientId client);
    }

    /**
     * The times of one instance.
     *
     * @param timeoutMillis without a beat after which it is unhealthy
     * @param deleteMillis without a beat after which it is removed
     * @param exempt whether it never expires
     */
    public record Times(long timeoutMillis, long deleteMillis, boolean exempt) {}

    private static final class Beating {
        final ClientId client;
        final ServiceKey service;
        final String ip;
        final int port;
        long lastMillis;
        boolean marked;
        boolean mustRegister;
        boolean over;

        Beating(ClientId client, ServiceKey service, String ip, int port) {
            this.client = client;
            this.service = service;
            this.ip = ip;
            this.port = port;
        }
    }

    private final DistroTimer timer;
    private final DistroClock clock;
    private final Map<ClientId, Beating> beating = new LinkedHashMap<>();
    private final TreeMap<Long, List<Beating>> buckets = new TreeMap<>();
    private Silence silence = new Silence() {
        @Override
        public Times times(ClientId client) {
            return new Times(Long.MAX_VALUE, Long.MAX_VALUE, true);
        }

        @Override
        public void unhealthy(ClientId client) {}

        @Override
        public void expired(ClientId client) {}
    };
    private @Nullable Cancellable armed;
    private long armedFor;

    /** Makes a monitor that watches nobody yet. */
    public BeatMonitor(DistroTimer timer, DistroClock clock) {
        this.timer = timer;
        this.clock = clock;
    }

    /** Sets what happens when an instance falls silent. Called once, before the first beat. */
    public void onSilence(Silence what) {
        this.silence = what;
    }

    /** Notes a registration: the instance counts as heard now. */
    public void registered(ClientId client, ServiceKey service, String ip, int port) {
        Beating entry = beating.get(client);
        if (entry == null) {
            entry = new Beating(client, service, ip, port);
            beating.put(client, entry);
        }
        entry.lastMillis = clock.monotonicMillis();
        entry.marked = false;
        entry.mustRegister = false;
        place(entry);
    }

    /**
     * Notes a beat.
     *
     * @return false where the instance is not watched here
     */
    public boolean heard(ClientId client) {
        Beating entry = beating.get(client);
        if (entry == null) {
            return false;
        }
        entry.lastMillis = clock.monotonicMillis();
        entry.marked = false;
        return true;
    }

    /** Returns whether an instance has been heard within its time-out, so that nobody may call it silent. */
    public boolean heardLately(ClientId client) {
        Beating entry = beating.get(client);
        return entry != null
                && clock.monotonicMillis() - entry.lastMillis
                        <= silence.times(client).timeoutMillis();
    }

    /** Notes that the client's word is old: it is asked to register at each beat until it does. */
    public void mustRegister(ClientId client) {
        Beating entry = beating.get(client);
        if (entry != null) {
            entry.mustRegister = true;
        }
    }

    /** Returns whether the client is to be asked to register. */
    public boolean isAskedToRegister(ClientId client) {
        Beating entry = beating.get(client);
        return entry != null && entry.mustRegister;
    }

    /** Stops watching an instance. */
    public void forget(ClientId client) {
        Beating entry = beating.remove(client);
        if (entry != null) {
            entry.over = true;
        }
    }

    /** Returns how many instances are watched. */
    public int size() {
        return beating.size();
    }

    /** Returns the service of a watched instance, or null. */
    public @Nullable ServiceKey service(ClientId client) {
        Beating entry = beating.get(client);
        return entry == null ? null : entry.service;
    }

    /** Returns the address of a watched instance, {@code ip:port}, or null. */
    public @Nullable String address(ClientId client) {
        Beating entry = beating.get(client);
        return entry == null ? null : entry.ip + ":" + entry.port;
    }

    private void place(Beating entry) {
        Times times = silence.times(entry.client);
        long wait = entry.marked ? times.deleteMillis() : Math.min(times.timeoutMillis(), times.deleteMillis());
        // An exempt instance is looked at now and then, since an operator may end the exemption.
        long due = entry.lastMillis + (times.exempt() ? Duration.ofMinutes(1).toMillis() : wait);
        long now = clock.monotonicMillis();
        long bucket = Math.max(due, now) / BUCKET_MILLIS + 1;
        buckets.computeIfAbsent(bucket, b -> new ArrayList<>()).add(entry);
        arm();
    }

    private void arm() {
        if (buckets.isEmpty()) {
            return;
        }
        long first = buckets.firstKey();
        if (armed != null && armedFor <= first) {
            return;
        }
        if (armed != null) {
            armed.cancel();
        }
        armedFor = first;
        long delay = Math.max(0, first * BUCKET_MILLIS - clock.monotonicMillis());
        armed = timer.after(Duration.ofMillis(delay), this::due);
    }

    private void due() {
        armed = null;
        long now = clock.monotonicMillis();
        while (!buckets.isEmpty() && buckets.firstKey() * BUCKET_MILLIS <= now) {
            for (Beating entry : buckets.pollFirstEntry().getValue()) {
                if (!entry.over && beating.get(entry.client) == entry) {
                    look(entry, now);
                }
            }
        }
        arm();
    }

    private void look(Beating entry, long now) {
        Times times = silence.times(entry.client);
        long silent = now - entry.lastMillis;
        if (!times.exempt() && silent > times.deleteMillis()) {
            forget(entry.client);
            silence.expired(entry.client);
            return;
        }
        if (!times.exempt() && silent > times.timeoutMillis() && !entry.marked) {
            entry.marked = true;
            silence.unhealthy(entry.client);
        }
        place(entry);
    }
}
