package io.registry.api.model;

import java.time.Duration;
import java.util.Map;

/**
 * The metadata keys that steer the registry itself. The keys, their units and their defaults are those of the wire
 * protocol; a time that is not all digits, or has more than 18 of them, counts as absent.
 */
public final class PreservedMetadata {

    /** Milliseconds between two beats. */
    public static final String HEART_BEAT_INTERVAL = "preserved.heart.beat.interval";

    /** Milliseconds without a beat after which an instance is unhealthy. */
    public static final String HEART_BEAT_TIMEOUT = "preserved.heart.beat.timeout";

    /** Milliseconds without a beat after which an instance is removed. */
    public static final String IP_DELETE_TIMEOUT = "preserved.ip.delete.timeout";

    /** How instance ids are made: {@code simple} or {@code snowflake}. */
    public static final String INSTANCE_ID_GENERATOR = "preserved.instance.id.generator";

    /** {@code true} exempts an instance from the expiry of beats. */
    public static final String ENABLE_CLIENT_BEAT = "enableClientBeat";

    /** The default of {@link #HEART_BEAT_INTERVAL}. */
    public static final Duration DEFAULT_INTERVAL = Duration.ofSeconds(5);

    /** The default of {@link #HEART_BEAT_TIMEOUT}. */
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(15);

    /** The default of {@link #IP_DELETE_TIMEOUT}. */
    public static final Duration DEFAULT_DELETE_TIMEOUT = Duration.ofSeconds(30);

    /** The default of {@link #INSTANCE_ID_GENERATOR}. */
    public static final String SIMPLE_GENERATOR = "simple";

    /** The other value of {@link #INSTANCE_ID_GENERATOR}. */
    public static final String SNOWFLAKE_GENERATOR = "snowflake";

    private static final int DIGITS_MAX = 18;

    private PreservedMetadata() {}

    /** Returns the milliseconds between two beats. */
    public static long intervalMillis(Map<String, String> metadata) {
        return millis(metadata, HEART_BEAT_INTERVAL, DEFAULT_INTERVAL);
    }

    /** Returns the milliseconds without a beat after which an instance is unhealthy. */
    public static long timeoutMillis(Map<String, String> metadata) {
        return millis(metadata, HEART_BEAT_TIMEOUT, DEFAULT_TIMEOUT);
    }

    /** Returns the milliseconds without a beat after which an instance is removed. */
    public static long deleteTimeoutMillis(Map<String, String> metadata) {
        return millis(metadata, IP_DELETE_TIMEOUT, DEFAULT_DELETE_TIMEOUT);
    }

    private static long millis(Map<String, String> metadata, String key, Duration otherwise) {
        String value = metadata.get(key);
        if (value == null || value.isEmpty() || value.length() > DIGITS_MAX) {
            return otherwise.toMillis();
        }
        long millis = 0;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c < '0' || c > '9') {
                return otherwise.toMillis();
            }
            millis = millis * 10 + (c - '0');
        }
        return millis;
    }
}
