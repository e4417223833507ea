package io.registry.proto.codec;

import io.registry.api.model.ServiceKey;
import io.registry.proto.envelope.Envelope;
import io.registry.proto.payload.Ack;
import io.registry.proto.payload.HostList;
import io.registry.proto.payload.ServerAnswer;
import io.registry.proto.payload.ServerPush;
import io.registry.proto.payload.ViewRevision;
import io.registry.proto.payload.WireService;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a server sends, for a client. Properties that are not known are ignored and missing ones have their
 * default, as in {@link PayloadDecoder}.
 *
 * <p><b>Threading</b>: any thread.
 */
public final class ServerDecoder {

    /** What closes the hosts of a service, the service, and what it lies in. */
    private static final byte[] CLOSED = {']', '}', '}'};

    private ServerDecoder() {}

    /** Reads the answer to a server check. */
    public static ServerAnswer.Check check(Envelope envelope) throws MalformedBodyException {
        Properties read = read(envelope);
        return new ServerAnswer.Check(read.ack(envelope.type()), read.connectionId, read.supportAbilityNegotiation);
    }

    /** Reads the answer to a query or subscription. */
    public static ServerAnswer.Service service(Envelope envelope, KnownHosts known) throws MalformedBodyException {
        Properties read = readService(envelope.array(), envelope.offset(), envelope.length(), 2, known);
        return new ServerAnswer.Service(read.ack(envelope.type()), read.service);
    }

    /** Reads a page of services. */
    public static ServerAnswer.Services services(Envelope envelope) throws MalformedBodyException {
        Properties read = read(envelope);
        return new ServerAnswer.Services(read.ack(envelope.type()), read.count, read.serviceNames);
    }

    /** Reads the answer to a wait for subscribers. */
    public static ServerAnswer.Subscribers subscribers(Envelope envelope) throws MalformedBodyException {
        Properties read = read(envelope);
        return new ServerAnswer.Subscribers(
                read.ack(envelope.type()), read.subscribers, read.missingCount, read.missing);
    }

    /** Reads a push; null where its type is not known. */
    public static @Nullable ServerPush push(Envelope envelope, KnownHosts known) throws MalformedBodyException {
        switch (envelope.type()) {
            case "SetupAckRequest" -> {
                Properties read = read(envelope);
                return new ServerPush.SetupAck(read.requestId, read.abilities);
            }
            case "ClientDetectionRequest" -> {
                return new ServerPush.ClientDetection(read(envelope).requestId);
            }
            case "ConnectResetRequest" -> {
                Properties read = read(envelope);
                return new ServerPush.ConnectReset(read.requestId, read.serverIp, read.serverPort);
            }
            case "NotifySubscriberRequest" -> {
                Properties read = readService(envelope.array(), envelope.offset(), envelope.length(), 2, known);
                return new ServerPush.NotifySubscriber(read.requestId, read.service, read.view, read.emptyOnPurpose);
            }
            case ServerPush.NotifyChange.TYPE -> {
                return change(
                        readService(envelope.array(), envelope.offset(), envelope.length(), 2, KnownHosts.none()));
            }
            case "NamingFuzzyWatchSyncRequest", "NamingFuzzyWatchChangeNotifyRequest" -> {
                Properties read = read(envelope);
                if (!read.serviceKey.isEmpty()) {
                    read.changes.add(new ServerPush.Change(read.serviceKey, read.present));
                }
                return new ServerPush.FuzzyWatch(
                        read.requestId, read.syncType, read.pattern, Collections.unmodifiableList(read.changes));
            }
            default -> {
                return null;
            }
        }
    }

    private static ServerPush change(Properties read) throws MalformedBodyException {
        if (read.view == null || read.service == null) {
            throw new MalformedBodyException("a change without the service, or without what it refers to");
        }
        return new ServerPush.NotifyChange(
                read.requestId, read.view, read.revision, read.removed, read.put, read.count, read.service);
    }

    /** Reads a service as HTTP answers show it; its name may be grouped. */
    public static WireService httpService(byte[] body, KnownHosts known) throws MalformedBodyException {
        WireService service = readService(body, 0, body.length, 1, known).service;
        if (service == null) {
            throw new MalformedBodyException("no service");
        }
        return service;
    }

    /** Reads a page of services as HTTP v1 shows it. */
    public static ServerAnswer.Services httpServices(byte[] body) throws MalformedBodyException {
        return BodyParser.parse(body, 0, body.length, parser -> {
            Properties read = new Properties();
            read.read(parser);
            return new ServerAnswer.Services(read.ack(""), read.count, read.serviceNames);
        });
    }

    /** Reads a JSON object whose values are strings, numbers or booleans, as texts; other values are left out. */
    public static Map<String, String> texts(byte[] body) throws MalformedBodyException {
        return BodyParser.parse(body, 0, body.length, BodyParser::texts);
    }

    private static Properties read(Envelope envelope) throws MalformedBodyException {
        return BodyParser.parse(envelope, body -> {
            Properties properties = new Properties();
            properties.read(body);
            return properties;
        });
    }

    /**
     * Reads a body of which a service is part: the hosts by themselves, everything else as if there were none. Where the
     * service is named before its hosts, as servers do, what is known of it makes their reading short.
     */
    private static Properties readService(byte[] text, int offset, int length, int depth, KnownHosts known)
            throws MalformedBodyException {
        int end = offset + length;
        int hosts = JsonSkim.findHosts(text, offset, end, depth);
        if (hosts < 0) {
            return read(text, offset, length, depth);
        }
        byte[] head = Arrays.copyOfRange(text, offset, hosts + 1);
        WireService named = read(joined(head, CLOSED, 0, 1 + depth), 0, head.length + 1 + depth, depth).service;
        boolean early =
                named != null && !named.name().isEmpty() && !named.group().isEmpty();
        HostReader reader = reader(text, end, early ? named : null, known);
        HostList list = reader.read(hosts);
        byte[] rest = joined(head, text, reader.end(), end - reader.end());
        Properties properties = read(rest, 0, rest.length, depth);
        WireService service = properties.service;
        if (service == null) {
            return properties;
        }
        if (!early) {
            // Only now it is known which service the hosts belong to.
            list = reader(text, end, service, known).read(hosts);
        }
        properties.service = service.withHosts(list);
        return properties;
    }

    private static HostReader reader(byte[] text, int end, @Nullable WireService service, KnownHosts known) {
        if (service == null) {
            return HostReader.of(text, end, "", HostList.EMPTY);
        }
        HostList before = known.of(service.group(), service.name());
        String grouped = before.size() > 0
                ? before.instances().get(0).service()
                : service.group() + ServiceKey.SEPARATOR + service.name();
        return HostReader.of(text, end, grouped, before);
    }

    private static byte[] joined(byte[] head, byte[] text, int from, int length) {
        byte[] joined = Arrays.copyOf(head, head.length + length);
        System.arraycopy(text, from, joined, head.length, length);
        return joined;
    }

    private static Properties read(byte[] text, int offset, int length, int depth) throws MalformedBodyException {
        return BodyParser.parse(text, offset, length, body -> {
            Properties properties = new Properties();
            if (depth == 1) {
                properties.service = Properties.service(body);
            } else {
                properties.read(body);
            }
            return properties;
        });
    }

    /** Whatever a body has. No property means two things, so one pass reads all types. */
    private static final class Properties {

        private int resultCode = Ack.SUCCESS;
        private int errorCode;
        private @Nullable String message;
        private @Nullable String requestId;
        private String connectionId = "";
        private boolean supportAbilityNegotiation;
        private Map<String, Boolean> abilities = Map.of();
        private String serverIp = "";
        private String serverPort = "";
        private @Nullable WireService service;
        private @Nullable ViewRevision view;
        private boolean emptyOnPurpose;
        private long revision;
        private int[] removed = new int[0];
        private int[] put = new int[0];
        private int count;
        private List<String> serviceNames = List.of();
        private int subscribers;
        private int missingCount;
        private List<String> missing = List.of();
        private String syncType = "";
        private String pattern = "";
        private String serviceKey = "";
        private boolean present = true;
        private final List<ServerPush.Change> changes = new ArrayList<>();

        Ack ack(String type) {
            return new Ack(type, resultCode, errorCode, message, requestId);
        }

        void read(BodyParser body) throws MalformedBodyException {
            body.enterObject();
            for (String name = body.nextProperty(); name != null; name = body.nextProperty()) {
                property(body, name);
            }
        }

        private void property(BodyParser body, String name) throws MalformedBodyException {
            switch (name) {
                case "resultCode" -> resultCode = body.integer();
                case "errorCode" -> errorCode = body.integer();
                case "message" -> message = body.stringOrNull();
                case "requestId" -> requestId = body.nonEmpty();
                case "connectionId" -> connectionId = body.string();
                case "supportAbilityNegotiation" -> supportAbilityNegotiation = body.bool();
                case "abilityTable" -> {
                    Map<String, Boolean> table = body.bools();
                    abilities = table == null ? Map.of() : table;
                }
                case "serverIp" -> serverIp = body.string();
                case "serverPort" -> serverPort = body.string();
                case "serviceInfo" -> service = body.isNull() ? null : service(body);
                case "view" -> view(body);
                case "revision" -> revision = body.longInteger();
                case "removed" -> removed = body.integers();
                case "put" -> put = body.integers();
                case "count" -> count = body.integer();
                case "serviceNames", "doms" -> serviceNames = List.copyOf(body.stringSet());
                case "subscribers" -> subscribers = body.integer();
                case "missingCount" -> missingCount = body.integer();
                case "missing" -> missing = List.copyOf(body.stringSet());
                case "syncType" -> syncType = body.string();
                case "groupKeyPattern" -> pattern = body.string();
                case "serviceKey" -> serviceKey = body.string();
                case "changedType" -> present = isPresent(body);
                case "contexts" -> contexts(body);
                default -> body.skip();
            }
        }

        private void view(BodyParser body) throws MalformedBodyException {
            String node = "";
            long incarnation = 0;
            long of = 0;
            body.enterObject();
            for (String name = body.nextProperty(); name != null; name = body.nextProperty()) {
                switch (name) {
                    case "node" -> node = body.string();
                    case "incarnation" -> incarnation = body.longInteger();
                    case "revision" -> of = body.longInteger();
                    case "emptyOnPurpose" -> emptyOnPurpose = body.bool();
                    default -> body.skip();
                }
            }
            view = new ViewRevision(node, incarnation, of);
        }

        private void contexts(BodyParser body) throws MalformedBodyException {
            if (!body.enterArray()) {
                return;
            }
            while (body.nextElement()) {
                String key = "";
                boolean there = true;
                body.enterObject();
                for (String name = body.nextProperty(); name != null; name = body.nextProperty()) {
                    switch (name) {
                        case "serviceKey" -> key = body.string();
                        case "changedType" -> there = isPresent(body);
                        default -> body.skip();
                    }
                }
                changes.add(new ServerPush.Change(key, there));
            }
        }

        private static boolean isPresent(BodyParser body) throws MalformedBodyException {
            return !body.string().equals("DELETE_SERVICE");
        }

        static WireService service(BodyParser body) throws MalformedBodyException {
            String serviceName = "";
            String group = "";
            String clusters = "";
            long cacheMillis = 0;
            long lastRefTime = 0;
            boolean threshold = false;
            boolean allIps = false;
            body.enterObject();
            for (String name = body.nextProperty(); name != null; name = body.nextProperty()) {
                switch (name) {
                    case "name" -> serviceName = body.string();
                    case "groupName" -> group = body.string();
                    case "clusters" -> clusters = body.string();
                    case "cacheMillis" -> cacheMillis = body.longInteger();
                    case "lastRefTime" -> lastRefTime = body.longInteger();
                    case "reachProtectionThreshold" -> threshold = body.bool();
                    case "allIPs", "allIps" -> allIps |= body.bool();
                    default -> body.skip();
                }
            }
            int separator = serviceName.indexOf(ServiceKey.SEPARATOR);
            if (separator >= 0) {
                group = serviceName.substring(0, separator);
                serviceName = serviceName.substring(separator + ServiceKey.SEPARATOR.length());
            }
            return new WireService(
                    serviceName, group, clusters, HostList.EMPTY, cacheMillis, lastRefTime, threshold, allIps);
        }
    }
}
