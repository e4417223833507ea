package io.registry.server.grpc;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.Status;
import io.registry.api.error.ErrorCode;
import io.registry.api.error.RegistryException;
import io.registry.api.model.ServiceKey;
import io.registry.proto.codec.Answers;
import io.registry.proto.codec.MalformedBodyException;
import io.registry.proto.codec.PayloadDecoder;
import io.registry.proto.codec.PayloadTypes;
import io.registry.proto.envelope.Envelope;
import io.registry.proto.envelope.OutboundEnvelope;
import io.registry.proto.payload.NamingRequest;
import io.registry.proto.payload.PayloadError;
import io.registry.proto.payload.RequestPayload;
import io.registry.proto.payload.ServerCheckRequest;
import io.registry.server.core.access.AccessPolicy;
import io.registry.server.core.access.Principal;
import io.registry.server.core.event.Origin;
import io.registry.server.core.event.RegistryEvent;
import io.registry.server.core.loop.Failures;
import io.registry.server.core.operate.Readiness;
import io.registry.server.grpc.call.NamingCalls;
import io.registry.server.grpc.call.Refusals;
import io.registry.server.sockets.LogGate;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes unary calls: checks them in the protocol's order, has them served, and turns whatever happens into an answer. A
 * call never ends with a gRPC status for what a client asked.
 *
 * <p><b>Threading</b>: calls come on the threads of their transports and are answered there or, where the core was busy,
 * on whichever thread did the work.
 */
final class RequestAcceptor implements ServerCallHandler<Envelope, OutboundEnvelope> {

    private static final Logger LOG = LoggerFactory.getLogger(RequestAcceptor.class);
    private static final OutboundEnvelope STARTING =
            Answers.error(PayloadError.NOT_READY, "Server is starting,please try later.");

    private final Readiness readiness;
    private final ConnectionManager manager;
    private final PayloadAccess rules = new PayloadAccess();
    private final Door door;
    private final NamingCalls calls;
    private final GrpcCounters counters;
    private final LongSupplier nanos;
    private final LogGate failureLog;

    RequestAcceptor(
            Readiness readiness,
            ConnectionManager manager,
            Door door,
            NamingCalls calls,
            GrpcCounters counters,
            LongSupplier nanos) {
        this.readiness = readiness;
        this.manager = manager;
        this.door = door;
        this.calls = calls;
        this.counters = counters;
        this.nanos = nanos;
        this.failureLog = new LogGate(nanos);
    }

    @Override
    public ServerCall.Listener<Envelope> startCall(ServerCall<Envelope, OutboundEnvelope> call, Metadata headers) {
        Connection connection = call.getAttributes().get(Connection.KEY);
        if (connection == null) {
            call.close(Status.UNAVAILABLE.withDescription("no connection is known for this transport"), new Metadata());
            return new ServerCall.Listener<>() {};
        }
        // Two, so that a second message, which a unary call may not have, is seen.
        call.request(2);
        return new Unary(call, connection, InboundBudget.Arriving.KEY.get());
    }

    private CompletionStage<OutboundEnvelope> serve(Connection connection, Envelope message) {
        String type = message.type();
        PayloadTypes.Kind kind = PayloadTypes.kindOf(type);
        if (kind == PayloadTypes.Kind.CLUSTER) {
            counters.unknownTypes.increment();
            return now(Answers.clusterOnly(type));
        }
        if (readiness.phase() == Readiness.Phase.STARTING) {
            return now(STARTING);
        }
        if (type.equals(ServerCheckRequest.TYPE)) {
            counters.serverChecks.increment();
            return now(serverCheck(connection));
        }
        if (kind != PayloadTypes.Kind.UNARY) {
            counters.unknownTypes.increment();
            return now(Answers.noHandler());
        }
        if (!connection.registered()) {
            counters.unregistered.increment();
            return now(Answers.unregistered());
        }
        RequestPayload request;
        try {
            request = PayloadDecoder.decode(message);
        } catch (MalformedBodyException e) {
            counters.malformed.increment();
            return now(Answers.error(PayloadError.BAD_GATEWAY, "body of " + type + ": " + e.getMessage()));
        }
        connection.active(nanos.getAsLong());
        return serve(connection, message, request);
    }

    private CompletionStage<OutboundEnvelope> serve(Connection connection, Envelope message, RequestPayload request) {
        try {
            PayloadAccess.Asked asked = request.accept(rules);
            AccessPolicy.Decision decision = door.policy()
                    .decide(asked.rule(), PayloadAccess.credentials(message, connection.remoteIp()), asked.resource());
            Principal caller = decision.principal();
            Origin origin = caller.isKnown() ? connection.origin().as(caller.name()) : connection.origin();
            String why = decision.refusal();
            if (why != null) {
                counters.forbidden.increment();
                door.refusals().accept(new RegistryEvent.Refused(origin, request.type(), service(request), why));
                return now(Refusals.of(request.answerType(), ErrorCode.FORBIDDEN, why));
            }
            connection.usedBy(caller);
            return request.accept(new Dispatch(connection.client(), origin, calls, counters));
        } catch (RegistryException e) {
            return now(refused(request.answerType(), e));
        }
    }

    private static @Nullable ServiceKey service(RequestPayload request) {
        return request instanceof NamingRequest about && !about.serviceName().isEmpty() ? about.service() : null;
    }

    private OutboundEnvelope serverCheck(Connection connection) {
        String refusal = connection.registered() ? null : manager.refusal(connection);
        return refusal == null
                ? Answers.serverCheck(connection.client().value(), true)
                : Answers.error(PayloadError.NOT_READY, refusal);
    }

    private OutboundEnvelope refused(String answerType, RegistryException refusal) {
        counters.refusals.increment();
        return Refusals.of(answerType, refusal.code(), refusal.getMessage());
    }

    private OutboundEnvelope failed(String type, Throwable problem) {
        Throwable cause = Failures.cause(problem);
        if (cause instanceof RegistryException refusal && refusal.code() != ErrorCode.INTERNAL) {
            return refused(answerType(type), refusal);
        }
        counters.failures.increment();
        if (failureLog.open()) {
            LOG.error("a call failed and is answered with 500; more of these are only counted: type={}", type, cause);
        }
        return Refusals.failed();
    }

    /** Returns the type of the answer to a request that failed later: the irregular ones by name. */
    private static String answerType(String type) {
        return switch (type) {
            case "ServiceQueryRequest" -> "QueryServiceResponse";
            case "PersistentInstanceRequest" -> "InstanceResponse";
            default -> type.replace("Request", "Response");
        };
    }

    /** What a call ends with whose message is no envelope: there is nothing in it to answer to. */
    static Status malformed(String defect) {
        return Status.INVALID_ARGUMENT.withDescription("malformed envelope: " + defect);
    }

    private static CompletionStage<OutboundEnvelope> now(OutboundEnvelope answer) {
        return CompletableFuture.completedFuture(answer);
    }

    private final class Unary extends ServerCall.Listener<Envelope> {

        private final ServerCall<Envelope, OutboundEnvelope> call;
        private final Connection connection;
        private final InboundBudget.Arriving arriving;
        private @Nullable Envelope message;
        private boolean refused;

        Unary(ServerCall<Envelope, OutboundEnvelope> call, Connection connection, InboundBudget.Arriving arriving) {
            this.call = call;
            this.connection = connection;
            this.arriving = arriving;
        }

        @Override
        public void onMessage(Envelope received) {
            String defect = received.defect();
            if (defect != null && !refused) {
                counters.malformed.increment();
                refused = true;
                call.close(malformed(defect), new Metadata());
            }
            if (refused) {
                return;
            }
            if (message != null) {
                refused = true;
                call.close(Status.INTERNAL.withDescription("more than one message (expected: one)"), new Metadata());
                return;
            }
            message = received;
        }

        @Override
        public void onHalfClose() {
            arriving.complete();
            if (refused) {
                return;
            }
            Envelope received = message;
            if (received == null) {
                call.close(Status.INTERNAL.withDescription("no message (expected: one)"), new Metadata());
                return;
            }
            message = null;
            String type = received.type();
            CompletionStage<OutboundEnvelope> answer;
            try {
                answer = serve(connection, received);
            } catch (RuntimeException e) {
                send(failed(type, e));
                return;
            }
            answer.whenComplete((value, problem) -> send(problem == null ? value : failed(type, problem)));
        }

        private void send(OutboundEnvelope answer) {
            if (call.isCancelled()) {
                return;
            }
            try {
                call.sendHeaders(new Metadata());
                call.sendMessage(answer);
                call.close(Status.OK, new Metadata());
            } catch (IllegalStateException e) {
                // The call has ended between the question and now; nobody is there to be told.
                LOG.debug("answer not sent, the call is over: type={}", answer.type());
            }
        }
    }
}
