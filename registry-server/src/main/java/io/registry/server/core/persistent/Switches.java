package io.registry.server.core.persistent;

import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The switches that have an effect: what was set on this node alone, else what is kept for all nodes, else the default.
 * Values are those of the wire protocol, already checked where they were set.
 *
 * <p><b>Threading</b>: from any thread.
 */
public final class Switches {

    /** Milliseconds for which clients cache a list. */
    public static final String PUSH_CACHE_MILLIS = "pushCacheMillis";

    /** Milliseconds between two beats, as answered to beats. */
    public static final String CLIENT_BEAT_INTERVAL = "clientBeatInterval";

    /** Whether clients may send beats without content. */
    public static final String LIGHT_BEAT_ENABLED = "lightBeatEnabled";

    /** Whether changes are pushed. */
    public static final String PUSH_ENABLED = "pushEnabled";

    /** Whether instances are ephemeral whose clients do not say. */
    public static final String DEFAULT_INSTANCE_EPHEMERAL = "defaultInstanceEphemeral";

    /** Whether silence and failed checks have consequences. */
    public static final String CHECK = "check";

    /** The status of the node, whatever its own. */
    public static final String OVERRIDDEN_SERVER_STATUS = "overriddenServerStatus";

    /** The word that clears a switch that may be unset. */
    public static final String NULL = "null";

    private final PersistentStore store;
    private final Map<String, String> here = new ConcurrentHashMap<>();

    /** Makes the switches over what is kept. */
    public Switches(PersistentStore store) {
        this.store = store;
    }

    /** Sets a switch on this node only, until the process ends. */
    public void setHere(String entry, String value) {
        here.put(entry, value);
    }

    /** Forgets what was set on this node only: a value for all nodes has followed it. */
    public void clearHere(String entry) {
        here.remove(entry);
    }

    /** Returns what was set, or null. */
    public @Nullable String set(String entry) {
        String value = here.get(entry);
        if (value == null) {
            value = store.state().switches().get(entry);
        }
        return value;
    }

    /** Returns a number, or the default where it was not set. */
    public long number(String entry, long otherwise) {
        String value = set(entry);
        return value == null ? otherwise : Long.parseLong(value);
    }

    /** Returns a truth, or the default where it was not set. */
    public boolean truth(String entry, boolean otherwise) {
        String value = set(entry);
        return value == null ? otherwise : value.toLowerCase(Locale.ROOT).equals("true");
    }

    /** Returns {@link #PUSH_CACHE_MILLIS}. */
    public long pushCacheMillis() {
        return number(PUSH_CACHE_MILLIS, 10_000);
    }

    /** Returns {@link #CLIENT_BEAT_INTERVAL}. */
    public long clientBeatInterval() {
        return number(CLIENT_BEAT_INTERVAL, 5_000);
    }

    /** Returns {@link #LIGHT_BEAT_ENABLED}. */
    public boolean lightBeatEnabled() {
        return truth(LIGHT_BEAT_ENABLED, true);
    }

    /** Returns {@link #PUSH_ENABLED}. */
    public boolean pushEnabled() {
        return truth(PUSH_ENABLED, true);
    }

    /** Returns {@link #DEFAULT_INSTANCE_EPHEMERAL}. */
    public boolean defaultInstanceEphemeral() {
        return truth(DEFAULT_INSTANCE_EPHEMERAL, true);
    }

    /** Returns {@link #CHECK}. */
    public boolean checkEnabled() {
        return truth(CHECK, true);
    }

    /** Returns {@link #OVERRIDDEN_SERVER_STATUS}, or null. */
    public @Nullable String overriddenServerStatus() {
        String value = set(OVERRIDDEN_SERVER_STATUS);
        return value == null || value.equals(NULL) || value.isBlank() ? null : value;
    }
}
