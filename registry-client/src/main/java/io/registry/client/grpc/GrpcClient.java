package io.registry.client.grpc;

import io.registry.api.ClientStatus.State;
import io.registry.client.runtime.ClientCounters;
import io.registry.client.runtime.ClientLoop;
import io.registry.client.runtime.ClientRuntime;
import io.registry.client.runtime.Outcome;
import io.registry.client.server.ServerAddress;
import io.registry.client.server.ServerList;
import io.registry.proto.codec.KnownHosts;
import io.registry.proto.codec.MalformedBodyException;
import io.registry.proto.codec.PayloadDecoder;
import io.registry.proto.codec.Requests;
import io.registry.proto.codec.ServerDecoder;
import io.registry.proto.envelope.Envelope;
import io.registry.proto.payload.Ack;
import io.registry.proto.payload.AwaitSubscribersRequest;
import io.registry.proto.payload.ConnectionSetupRequest;
import io.registry.proto.payload.HealthCheckRequest;
import io.registry.proto.payload.PayloadError;
import io.registry.proto.payload.RequestPayload;
import io.registry.proto.payload.ServerAnswer;
import io.registry.proto.payload.ServerCheckRequest;
import io.registry.proto.payload.ServerPush;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one connection to one of the servers.
 *
 * <pre>
 *             first connection            lost, or sent away
 *   STARTING ------------------> CONNECTED -----------------> SWITCHING
 *                                    ^                            |
 *                                    +----------------------------+
 *                                           next connection
 *   any --close--> CLOSED
 * </pre>
 *
 * At most one attempt is under way. An old connection that still works is used until the new one is there, and closed
 * then.
 *
 * <p><b>Threading</b>: for the client loop, but for {@link #state()} and {@link #server()}.
 */
public final class GrpcClient {

    private static final Logger log = LoggerFactory.getLogger(GrpcClient.class);

    /** How long a server may take to answer a check, and the transport to come about. */
    static final Duration CHECK_MAX = Duration.ofSeconds(3);

    /** How long a server may take to answer a set-up. */
    private static final Duration SETUP_MAX = Duration.ofSeconds(5);

    /** What a server is given that does not negotiate, until it has surely read the set-up. */
    private static final Duration SETUP_SETTLE = Duration.ofMillis(100);

    /** A server has this many times {@link #CHECK_MAX} to give a sign of life. */
    private static final int HEALTH_ATTEMPTS = 3;

    private static final Map<String, Boolean> ABILITIES =
            Map.of("fuzzyWatch", true, AwaitSubscribersRequest.ABILITY, true, ServerPush.NotifyChange.ABILITY, true);

    private final ClientRuntime runtime;
    private final ClientLoop loop;
    private final GrpcConfig config;
    private final ServerList servers;
    private final ServerList.Walk walk;
    private final Destinations destinations;
    private final KnownHosts known;
    private final ConnectionListener listener;
    private final ClientCounters counters;
    private final Transport transport = new Transport();

    private volatile State state = State.STARTING;
    private volatile @Nullable GrpcConnection current;
    private @Nullable GrpcConnection candidate;

    /** Rises with each attempt, so that what belongs to an earlier one is told from the one under way. */
    private int attempt;

    private boolean attempting;
    private int failures;
    private int healthMisses;
    private boolean checking;

    /** Makes a client that does nothing before {@link #start}. */
    public GrpcClient(
            ClientRuntime runtime,
            GrpcConfig config,
            ServerList servers,
            KnownHosts known,
            ConnectionListener listener,
            ClientCounters counters) {
        this.runtime = runtime;
        this.loop = runtime.loop();
        this.config = config;
        this.servers = servers;
        this.walk = servers.walk();
        this.destinations = new Destinations(runtime, config.tls());
        this.known = known;
        this.listener = listener;
        this.counters = counters;
    }

    /** Returns where the client is. Any thread. */
    public State state() {
        return state;
    }

    /** Returns the server in use; null where none is. Any thread. */
    public @Nullable ServerAddress server() {
        GrpcConnection now = current;
        return now == null ? null : now.server();
    }

    /** Returns the connection in use; null where none is. */
    public @Nullable GrpcConnection connection() {
        return current;
    }

    /** Begins to look for a server, and goes on until {@link #close}. */
    public void start() {
        loop.assertInLoop();
        connect(null);
    }

    /** Says that the list of servers has changed. */
    public void serversChanged() {
        GrpcConnection now = current;
        if (now != null && servers.find(now.server().host()) == null) {
            log.info("server no longer in the list: server={}", now.server());
            switchTo(null);
        } else if (now == null && !attempting) {
            connect(null);
        }
    }

    /** Sends a request on the connection in use. Fails with {@code UNREACHABLE} where there is none, or no answer. */
    public CompletableFuture<Envelope> request(RequestPayload request, Map<String, String> headers) {
        return request(request, headers, config.requestMax());
    }

    /**
     * Sends a request that may take another time than most.
     *
     * @param max how long its answer is waited for
     */
    public CompletableFuture<Envelope> request(RequestPayload request, Map<String, String> headers, Duration max) {
        GrpcConnection now = current;
        if (now == null) {
            return CompletableFuture.failedFuture(
                    GrpcConnection.unreachable("no server connected (" + state + "), tried: " + servers.all()));
        }
        return now.call(Requests.encode(request, headers, config.clientIp()), max);
    }

    /** Says that a server does not know this connection: a new one is needed. */
    public void unregistered(GrpcConnection connection) {
        lost(connection, "the server does not know the connection");
    }

    /** Ends the connection, for good. */
    public void close() {
        loop.assertInLoop();
        state = State.CLOSED;
        attempt++;
        if (candidate != null) {
            candidate.close();
            candidate = null;
        }
        GrpcConnection now = current;
        if (now != null) {
            current = null;
            now.close();
        }
    }

    private void switchTo(@Nullable ServerAddress preferred) {
        if (state == State.CLOSED || attempting) {
            return;
        }
        state = State.SWITCHING;
        failures = 0;
        if (preferred == null) {
            walk.next();
        }
        connect(preferred);
    }

    private void connect(@Nullable ServerAddress preferred) {
        ServerAddress server = preferred != null ? preferred : walk.current();
        if (state == State.CLOSED || server == null) {
            attempting = false;
            return;
        }
        attempting = true;
        int number = ++attempt;
        int port = server.port() + config.portOffset();
        Outcome.of(destinations.find(server, port), (destination, failure) -> {
            if (number != attempt) {
                return;
            }
            if (failure != null) {
                failed(server, failure.toString());
            } else {
                check(number, server, destination);
            }
        });
    }

    private void check(int number, ServerAddress server, Destinations.Destination destination) {
        GrpcConnection connection = GrpcConnection.open(runtime, server, destination, transport, counters);
        candidate = connection;
        Outcome.of(
                connection.call(Requests.encode(new ServerCheckRequest(), Map.of(), config.clientIp()), CHECK_MAX),
                (answer, failure) -> {
                    if (number != attempt) {
                        return;
                    }
                    String refusal = failure != null ? String.valueOf(failure.getMessage()) : setUp(connection, answer);
                    if (refusal != null) {
                        failed(server, refusal);
                    }
                });
    }

    /** Goes on from the answer to the check; returns why it cannot, or null. */
    private @Nullable String setUp(GrpcConnection connection, Envelope answer) {
        ServerAnswer.Check check;
        try {
            check = ServerDecoder.check(answer);
        } catch (MalformedBodyException e) {
            return String.valueOf(e.getMessage());
        }
        if (!answer.type().equals("ServerCheckResponse") || !check.ack().succeeded()) {
            return answer.type() + " " + check.ack().errorCode() + " "
                    + check.ack().message();
        }
        connection.identify(check.connectionId());
        connection.openStream();
        ConnectionSetupRequest setup = new ConnectionSetupRequest(ClientVersion.TEXT, "", config.labels(), ABILITIES);
        connection.send(Requests.encode(setup, Map.of(), config.clientIp()));
        int number = attempt;
        if (check.supportAbilityNegotiation()) {
            loop.after(SETUP_MAX, () -> {
                if (number == attempt && connection == candidate) {
                    failed(connection.server(), "no answer to the set-up within " + SETUP_MAX.toMillis() + " ms");
                }
            });
        } else {
            loop.after(SETUP_SETTLE, () -> {
                if (number == attempt && connection == candidate) {
                    established(connection);
                }
            });
        }
        return null;
    }

    private void established(GrpcConnection connection) {
        GrpcConnection before = current;
        candidate = null;
        attempting = false;
        attempt++;
        failures = 0;
        healthMisses = 0;
        checking = false;
        current = connection;
        state = State.CONNECTED;
        counters.connected();
        log.info("connected: server={} connection={}", connection.server(), connection.id());
        listener.connected(connection);
        if (before != null) {
            before.leave();
        }
        watch(connection);
    }

    private void failed(ServerAddress server, String cause) {
        attempt++;
        if (candidate != null) {
            candidate.close();
            candidate = null;
        }
        failures++;
        if (failures == 1) {
            log.warn("cannot connect, will go on trying: server={} cause={}", server, cause);
        } else {
            log.debug("cannot connect: server={} attempt={} cause={}", server, failures, cause);
        }
        walk.next();
        int number = attempt;
        Duration delay = Backoff.delay(failures, servers.all().size(), loop.random());
        loop.after(delay, () -> {
            if (number == attempt) {
                connect(null);
            }
        });
    }

    private void lost(GrpcConnection connection, String cause) {
        if (connection == candidate) {
            failed(connection.server(), cause);
            return;
        }
        if (connection != current) {
            return;
        }
        log.warn("connection lost: server={} connection={} cause={}", connection.server(), connection.id(), cause);
        current = null;
        connection.close();
        if (state != State.CLOSED && !attempting) {
            state = State.SWITCHING;
            failures = 0;
            // The same server first: most often it is the network that broke, or a server that restarts.
            connect(null);
        }
    }

    private void watch(GrpcConnection connection) {
        if (connection != current) {
            return;
        }
        long idle = loop.nowMillis() - connection.heardMillis();
        long left = config.idleMax().toMillis() - idle;
        if (left <= 0) {
            checkHealth(connection);
        }
        loop.after(Duration.ofMillis(left > 0 ? left : config.idleMax().toMillis()), () -> watch(connection));
    }

    private void checkHealth(GrpcConnection connection) {
        if (checking || connection != current) {
            return;
        }
        checking = true;
        Outcome.of(
                connection.call(Requests.encode(new HealthCheckRequest(), Map.of(), config.clientIp()), CHECK_MAX),
                (answer, failure) -> {
                    if (connection != current) {
                        return;
                    }
                    checking = false;
                    if (failure == null) {
                        healthMisses = 0;
                        String refusal = refusal(answer);
                        if (refusal != null) {
                            lost(connection, "health check refused: " + refusal);
                        }
                    } else if (++healthMisses >= HEALTH_ATTEMPTS) {
                        lost(connection, "no sign of life: " + failure.getMessage());
                    } else {
                        checkHealth(connection);
                    }
                });
    }

    private static @Nullable String refusal(Envelope answer) {
        try {
            Ack ack = PayloadDecoder.decodeAck(answer);
            return ack.succeeded() ? null : ack.errorCode() + " " + ack.message();
        } catch (MalformedBodyException e) {
            return String.valueOf(e.getMessage());
        }
    }

    /** What comes from the transports. */
    private final class Transport implements GrpcConnection.Listener {

        @Override
        public void received(GrpcConnection connection, Envelope message) {
            if (message.defect() != null) {
                lost(connection, "malformed message: " + message.defect());
                return;
            }
            try {
                ServerPush push = ServerDecoder.push(message, known);
                if (push == null) {
                    log.debug("message of unknown type: type={}", message.type());
                } else {
                    push.accept(new ServerRequests(connection));
                }
            } catch (MalformedBodyException e) {
                log.warn("message that cannot be read: type={} cause={}", message.type(), e.getMessage());
            }
        }

        @Override
        public void ended(GrpcConnection connection, String cause) {
            lost(connection, cause);
        }

        @Override
        public void unanswered(GrpcConnection connection) {
            checkHealth(connection);
        }
    }

    /** What a server may ask of its client. */
    private final class ServerRequests implements ServerPush.Handler {

        private final GrpcConnection connection;

        private ServerRequests(GrpcConnection connection) {
            this.connection = connection;
        }

        @Override
        public void setupAck(ServerPush.SetupAck push) {
            connection.abilities(push.abilities());
            if (connection == candidate) {
                established(connection);
            }
        }

        @Override
        public void clientDetection(ServerPush.ClientDetection push) {
            acknowledge("ClientDetectionResponse", push);
        }

        @Override
        public void connectReset(ServerPush.ConnectReset push) {
            acknowledge("ConnectResetResponse", push);
            if (connection == current) {
                ServerAddress named =
                        push.serverIp().isEmpty() ? null : servers.find(push.serverIp(), push.serverPort());
                log.info("sent away: server={} to={}", connection.server(), named == null ? "any other" : named);
                switchTo(named);
            }
        }

        @Override
        public void notifySubscriber(ServerPush.NotifySubscriber push) {
            if (connection == current) {
                listener.service(connection, push);
            }
            acknowledge("NotifySubscriberResponse", push);
        }

        @Override
        public void notifyChange(ServerPush.NotifyChange push) {
            boolean fits = connection != current || listener.change(connection, push);
            if (fits) {
                acknowledge("NotifySubscriberResponse", push);
            } else {
                log.info(
                        "change that does not fit, the whole is asked for: service={} base={}",
                        push.service().name(),
                        push.base());
                Ack refusal = new Ack("NotifySubscriberResponse", Ack.FAILURE, 0, "base", push.requestId());
                connection.send(Requests.ack(refusal));
            }
        }

        @Override
        public void fuzzyWatch(ServerPush.FuzzyWatch push) {
            if (connection == current) {
                listener.fuzzyWatch(push);
            }
            // Of this type also where it was a list: servers expect that.
            acknowledge("NamingFuzzyWatchChangeNotifyResponse", push);
        }

        private void acknowledge(String type, ServerPush push) {
            connection.send(Requests.ack(new Ack(type, Ack.SUCCESS, 0, null, push.requestId())));
        }
    }

    /** Returns whether an error says that the connection is not known. */
    public static boolean isUnregistered(Ack ack) {
        return ack.errorCode() == PayloadError.UNREGISTERED.code();
    }
}
