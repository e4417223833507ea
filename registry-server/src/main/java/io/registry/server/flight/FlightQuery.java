package io.registry.server.flight;

import io.registry.api.model.ServiceKey;
import org.jspecify.annotations.Nullable;

/**
 * Which entries are wanted.
 *
 * @param namespace of this namespace only, or null
 * @param service of this service only, or null
 * @param ip of instances with this IP only, or null
 * @param port of instances with this port only; 0 for any
 * @param user of this user only, or null
 * @param kind of this kind only, or null
 * @param fromMillis not before this time, in milliseconds since 1970
 * @param toMillis before this time
 * @param before with smaller numbers only; where the last page ended
 * @param limit how many at the most, at least 1
 */
public record FlightQuery(
        @Nullable String namespace,
        @Nullable ServiceKey service,
        @Nullable String ip,
        int port,
        @Nullable String user,
        FlightEntry.@Nullable Kind kind,
        long fromMillis,
        long toMillis,
        long before,
        int limit) {

    boolean isOfTime(long atMillis) {
        return atMillis >= fromMillis && atMillis < toMillis;
    }

    boolean fits(FlightEntry entry) {
        return (namespace == null || entry.namespace().equals(namespace))
                && (service == null
                        || (entry.service().equals(service.name())
                                && entry.group().equals(service.group())
                                && entry.namespace().equals(service.namespace())))
                && (ip == null || entry.ip().equals(ip))
                && (port == 0 || entry.port() == port)
                && (user == null || entry.user().equals(user))
                && (kind == null || entry.kind() == kind);
    }
}
