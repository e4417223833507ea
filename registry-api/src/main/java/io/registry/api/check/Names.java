package io.registry.api.check;

import io.registry.api.error.ErrorCode;
import io.registry.api.error.RegistryException;
import io.registry.api.model.PreservedMetadata;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a name, an address, a weight and metadata may be.
 *
 * <p>The rules, their bounds and the texts of the refusals are those of the wire protocol, so that clients and scripts
 * that match the texts go on working. Each {@code format…} function returns null where the value is well formed, else
 * the text; each {@code check…} function throws {@link RegistryException}. A null or empty value passes, and of a name a
 * blank one too: whether it may be absent is another question.
 */
public final class Names {

    /** The longest namespace id, in UTF-16 units. */
    public static final int NAMESPACE_MAX = 64;

    /** The longest service name, in UTF-16 units. */
    public static final int SERVICE_MAX = 512;

    /** The longest group, in UTF-16 units. */
    public static final int GROUP_MAX = 128;

    /** The longest cluster name, in UTF-16 units. */
    public static final int CLUSTER_MAX = 64;

    /** The longest address, in UTF-16 units. */
    public static final int IP_MAX = 128;

    /** The most UTF-16 units of all metadata keys and values together. */
    public static final int METADATA_MAX = 1024;

    /** The greatest weight. */
    public static final double WEIGHT_MAX = 10_000;

    private static final char CJK_FIRST = '\u4e00';
    private static final char CJK_LAST = '\u9fa5';

    private Names() {}

    /** Checks a namespace id: letters of ASCII, digits, {@code _} and {@code -}. */
    public static @Nullable String formatNamespace(@Nullable String value) {
        if (value == null || value.isBlank()) {
            return null;
        }
        if (value.length() > NAMESPACE_MAX) {
            return tooLong("namespaceId/tenant", NAMESPACE_MAX);
        }
        return only(value, "_-") ? null : malformed("namespaceId/tenant");
    }

    /** Checks a bare service name: no white space, no control character, no CJK ideograph, no {@code @@}, no leading {@code @}. */
    public static @Nullable String formatService(@Nullable String value) {
        if (value == null || value.isBlank()) {
            return null;
        }
        if (value.length() > SERVICE_MAX) {
            return tooLong("serviceName", SERVICE_MAX);
        }
        boolean wellFormed = !hasForbidden(value) && !value.contains("@@") && value.charAt(0) != '@';
        return wellFormed ? null : malformed("serviceName");
    }

    /** Checks a group: letters of ASCII, digits and {@code - _ : .}. */
    public static @Nullable String formatGroup(@Nullable String value) {
        if (value == null || value.isBlank()) {
            return null;
        }
        if (value.length() > GROUP_MAX) {
            return tooLong("group", GROUP_MAX);
        }
        return only(value, "-_:.") ? null : malformed("group");
    }

    /** Checks a cluster name as it stands in a parameter: letters of ASCII, digits, {@code -} and {@code _}. */
    public static @Nullable String formatCluster(@Nullable String value) {
        if (value == null || value.isBlank()) {
            return null;
        }
        if (value.length() > CLUSTER_MAX) {
            return tooLong("cluster", CLUSTER_MAX);
        }
        return only(value, "-_") ? null : malformed("cluster");
    }

    /** Checks an address: an IP or a host name; no white space, no control character, no CJK ideograph. */
    public static @Nullable String formatIp(@Nullable String value) {
        if (value == null || value.isEmpty()) {
            return null;
        }
        if (value.length() > IP_MAX) {
            return tooLong("ip", IP_MAX);
        }
        return hasForbidden(value) ? malformed("ip") : null;
    }

    /** Checks a port. */
    public static @Nullable String formatPort(long port) {
        return port >= 0 && port <= 65_535 ? null : "Param 'port' is illegal, the value should be between 0 and 65535.";
    }

    /** Checks a port as it stands in a parameter. */
    public static @Nullable String formatPort(@Nullable String value) {
        if (value == null || value.isEmpty()) {
            return null;
        }
        long port = -1;
        if (value.length() <= 10) {
            port = 0;
            for (int i = 0; i < value.length(); i++) {
                int digit = value.charAt(i) - '0';
                if (digit < 0 || digit > 9) {
                    port = -1;
                    break;
                }
                port = port * 10 + digit;
            }
        }
        return formatPort(port);
    }

    /** Checks the size of metadata. */
    public static @Nullable String formatMetadata(Map<String, String> metadata) {
        long size = 0;
        for (Map.Entry<String, String> entry : metadata.entrySet()) {
            size += entry.getKey().length();
            size += entry.getValue() == null ? 0 : entry.getValue().length();
        }
        return size <= METADATA_MAX ? null : tooLong("Metadata", METADATA_MAX);
    }

    /** Refuses a weight outside 0..10000; NaN and infinities are outside. */
    public static void checkWeight(double weight) {
        if (!(weight >= 0 && weight <= WEIGHT_MAX)) {
            throw new RegistryException(
                    ErrorCode.WEIGHT, "instance format invalid: The weights range from 0.0 to 10000.0");
        }
    }

    /** Refuses an instance's cluster name that holds anything but letters of ASCII, digits and {@code -}. */
    public static void checkInstanceCluster(String cluster) {
        if (!only(cluster, "-")) {
            throw new RegistryException(
                    ErrorCode.INSTANCE,
                    "Instance 'clusterName' should be characters with only 0-9a-zA-Z-. (current: " + cluster + ")");
        }
    }

    /** Refuses metadata whose beat interval is longer than the time-outs that follow from it. */
    public static void checkBeatTimes(Map<String, String> metadata) {
        if (metadata.isEmpty()) {
            return;
        }
        long interval = PreservedMetadata.intervalMillis(metadata);
        if (interval > PreservedMetadata.timeoutMillis(metadata)
                || interval > PreservedMetadata.deleteTimeoutMillis(metadata)) {
            throw new RegistryException(
                    ErrorCode.INSTANCE,
                    "Instance 'heart beat interval' must less than 'heart beat timeout' and 'ip delete timeout'.");
        }
    }

    /**
     * Refuses an instance whose own settings cannot be: its weight, its cluster's name, its beat times, in this order.
     */
    public static void checkInstance(double weight, String cluster, Map<String, String> metadata) {
        checkWeight(weight);
        checkInstanceCluster(cluster);
        checkBeatTimes(metadata);
    }

    private static boolean only(String value, String more) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            boolean plain = c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
            if (!plain && more.indexOf(c) < 0) {
                return false;
            }
        }
        return true;
    }

    private static boolean hasForbidden(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (Character.isWhitespace(c) || Character.isISOControl(c) || c >= CJK_FIRST && c <= CJK_LAST) {
                return true;
            }
        }
        return false;
    }

    private static String tooLong(String name, int max) {
        return "Param '" + name + "' is illegal, the param length should not exceed " + max + ".";
    }

    private static String malformed(String name) {
        return "Param '" + name + "' is illegal, illegal characters should not appear in the param.";
    }
}
