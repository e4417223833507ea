package io.registry.server.flight;

import io.registry.api.model.Instance;
import io.registry.api.model.ServiceKey;
import io.registry.server.core.client.BeatIds;
import io.registry.server.core.client.ConnectionIds;
import io.registry.server.core.event.Origin;
import io.registry.server.core.event.RegistryEvent;
import io.registry.server.core.event.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Says in entries what events say. The entries have no number yet. */
final class Entries {

    private static final String LOGGED = "#false";

    private Entries() {}

    /** Returns whether an event is recorded at all. */
    static boolean concerns(RegistryEvent event) {
        return !(event instanceof RegistryEvent.ServiceChanged
                || event instanceof RegistryEvent.ServicePresence
                || event instanceof RegistryEvent.OverridesChanged);
    }

    /** Returns how many entries an event has. */
    static int count(RegistryEvent event) {
        return event instanceof RegistryEvent.LossLetGo over ? over.gone().size() : 1;
    }

    /** Returns the entries of an event; those of refusals are for one. */
    static List<FlightEntry> of(long atMillis, RegistryEvent event) {
        if (event instanceof RegistryEvent.InstanceMoved moved) {
            FlightEntry.Kind kind = moved.came() ? FlightEntry.Kind.CAME : FlightEntry.Kind.GONE;
            return List.of(of(atMillis, kind, moved.service(), moved.instance(), moved.source(), ""));
        }
        if (event instanceof RegistryEvent.InstanceChanged changed) {
            String detail = difference(changed.before(), changed.now());
            return List.of(
                    of(atMillis, FlightEntry.Kind.CHANGED, changed.service(), changed.now(), changed.source(), detail));
        }
        if (event instanceof RegistryEvent.LossHeld held) {
            String detail = "living=" + held.living() + " addresses=" + held.addresses();
            return List.of(of(
                    atMillis,
                    FlightEntry.Kind.HELD,
                    held.service(),
                    "",
                    0,
                    "",
                    null,
                    held.cause(),
                    detail,
                    held.lost()));
        }
        if (event instanceof RegistryEvent.LossLetGo over) {
            List<FlightEntry> entries = new ArrayList<>();
            for (Instance each : over.gone()) {
                entries.add(of(
                        atMillis,
                        FlightEntry.Kind.LET_GO,
                        over.service(),
                        each.ip(),
                        each.port(),
                        each.cluster(),
                        over.origin(),
                        over.why(),
                        "",
                        0));
            }
            return entries;
        }
        if (event instanceof RegistryEvent.OverrideEnded ended) {
            return List.of(of(
                    atMillis,
                    FlightEntry.Kind.OVERRIDE_ENDED,
                    ended.service(),
                    ended.ip(),
                    ended.port(),
                    ended.cluster(),
                    null,
                    ended.why(),
                    "scope=" + ended.scope(),
                    0));
        }
        if (event instanceof RegistryEvent.Operated done) {
            return List.of(of(
                    atMillis,
                    FlightEntry.Kind.OPERATED,
                    done.service(),
                    done.ip(),
                    done.port(),
                    "",
                    done.origin(),
                    done.action(),
                    done.detail(),
                    0));
        }
        if (event instanceof RegistryEvent.Refused refused) {
            return List.of(of(
                    atMillis,
                    FlightEntry.Kind.REFUSED,
                    refused.service(),
                    "",
                    0,
                    "",
                    refused.origin(),
                    refused.reason(),
                    refused.action(),
                    0));
        }
        return List.of();
    }

    /** Returns an entry about the node itself. */
    static FlightEntry ofNode(long atMillis, FlightEntry.Kind kind, String cause, long count) {
        return of(atMillis, kind, null, "", 0, "", null, cause, "", count);
    }

    private static FlightEntry of(
            long atMillis, FlightEntry.Kind kind, ServiceKey service, Instance instance, Source source, String detail) {
        String client = source.client().value();
        Origin origin = source.origin();
        String protocol = "";
        String address = "";
        if (origin != null) {
            protocol = origin.protocol().word();
            address = origin.address();
        } else if (!client.endsWith(LOGGED) && !BeatIds.isBeat(source.client())) {
            protocol = Origin.Protocol.GRPC.word();
            address = ConnectionIds.address(source.client());
        } else if (!client.endsWith(LOGGED)) {
            protocol = Origin.Protocol.HTTP.word();
        }
        return new FlightEntry(
                0,
                atMillis,
                kind,
                service.namespace(),
                service.group(),
                service.name(),
                instance.ip(),
                instance.port(),
                instance.cluster(),
                client,
                source.node() == null ? "" : source.node().value(),
                via(origin),
                protocol,
                address,
                user(origin),
                source.cause(),
                detail,
                0);
    }

    private static FlightEntry of(
            long atMillis,
            FlightEntry.Kind kind,
            @Nullable ServiceKey service,
            String ip,
            int port,
            String cluster,
            @Nullable Origin origin,
            String cause,
            String detail,
            long count) {
        return new FlightEntry(
                0,
                atMillis,
                kind,
                service == null ? "" : service.namespace(),
                service == null ? "" : service.group(),
                service == null ? "" : service.name(),
                ip,
                port,
                cluster,
                "",
                "",
                via(origin),
                origin == null ? "" : origin.protocol().word(),
                origin == null ? "" : origin.address(),
                user(origin),
                cause,
                detail,
                count);
    }

    private static String via(@Nullable Origin origin) {
        return origin == null || origin.via() == null ? "" : origin.via().value();
    }

    private static String user(@Nullable Origin origin) {
        return origin == null || origin.user() == null ? "" : origin.user();
    }

    /** Returns what differs between two words about one instance: of metadata the keys only, which are short. */
    private static String difference(Instance before, Instance now) {
        List<String> parts = new ArrayList<>();
        if (before.healthy() != now.healthy()) {
            parts.add("healthy: " + before.healthy() + " to " + now.healthy());
        }
        if (before.enabled() != now.enabled()) {
            parts.add("enabled: " + before.enabled() + " to " + now.enabled());
        }
        if (before.weight() != now.weight()) {
            parts.add("weight: " + before.weight() + " to " + now.weight());
        }
        if (!before.metadata().equals(now.metadata())) {
            parts.add("metadata: " + String.join(" ", differing(before.metadata(), now.metadata())));
        }
        return String.join(", ", parts);
    }

    private static Set<String> differing(Map<String, String> before, Map<String, String> now) {
        Set<String> keys = new TreeSet<>(before.keySet());
        keys.addAll(now.keySet());
        keys.removeIf(key -> Objects.equals(before.get(key), now.get(key)));
        return keys;
    }
}
