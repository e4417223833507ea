package io.registry.proto.codec;

import io.registry.proto.envelope.OutboundEnvelope;
import io.registry.proto.json.Utf8Json;
import io.registry.proto.payload.Ack;
import io.registry.proto.payload.PayloadError;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a server answers to a unary request, ready to send.
 *
 * <p>A refusal of what the caller asked for has the type of the answer: {@link #refusal}. Only what concerns the protocol
 * itself, and real faults, is an {@code ErrorResponse}, for a client sends the same request again after one, four times in
 * all; the few refusals that other servers answer so all the same are made by {@link #failure}.
 */
public final class Answers {

    private static final String ERROR_TYPE = "ErrorResponse";
    private static final String SERVICE_LIST_TYPE = "ServiceListResponse";

    private static final OutboundEnvelope HEALTH_CHECK = plain("HealthCheckResponse");
    private static final OutboundEnvelope FUZZY_WATCH = plain("NamingFuzzyWatchResponse");
    private static final OutboundEnvelope UNREGISTERED =
            error(PayloadError.UNREGISTERED, "Connection is unregistered.");
    private static final OutboundEnvelope NO_HANDLER = error(PayloadError.NO_HANDLER, "RequestHandler Not Found");

    private static final byte[] QUERY_HEAD = serviceInfoHead(null);
    private static final byte[] SUBSCRIBE_HEAD = serviceInfoHead("success");
    private static final byte[] SERVICE_INFO_TAIL = ",\"success\":true}".getBytes(StandardCharsets.US_ASCII);

    private Answers() {}

    /** Answers a server check. With negotiation announced, the server owes a set-up ack to clients that negotiate. */
    public static OutboundEnvelope serverCheck(String connectionId, boolean supportAbilityNegotiation) {
        Utf8Json json = Bodies.success(128)
                .field("connectionId", connectionId)
                .field("supportAbilityNegotiation", supportAbilityNegotiation);
        return OutboundEnvelope.answer("ServerCheckResponse", Bodies.endAnswer(json, true));
    }

    /** Answers a health check. */
    public static OutboundEnvelope healthCheck() {
        return HEALTH_CHECK;
    }

    /** Answers a request for an instance, ephemeral or persistent. */
    public static OutboundEnvelope instance(String operation) {
        return operation("InstanceResponse", operation);
    }

    /** Answers a request for a batch. */
    public static OutboundEnvelope batchInstance(String operation) {
        return operation("BatchInstanceResponse", operation);
    }

    /** Answers a query. The arguments are the parts of one service, which are not copied. */
    public static OutboundEnvelope queryService(byte[] head, byte[] hosts, byte[] tail) {
        return OutboundEnvelope.answer("QueryServiceResponse", QUERY_HEAD, head, hosts, tail, SERVICE_INFO_TAIL);
    }

    /** Answers a subscription, or the end of one. The arguments are the parts of one service, which are not copied. */
    public static OutboundEnvelope subscribeService(byte[] head, byte[] hosts, byte[] tail) {
        return OutboundEnvelope.answer(
                "SubscribeServiceResponse", SUBSCRIBE_HEAD, head, hosts, tail, SERVICE_INFO_TAIL);
    }

    /**
     * Answers the question for a page of services.
     *
     * @param count how many services there are in all
     * @param names the bare names on the page
     */
    public static OutboundEnvelope serviceList(int count, List<String> names) {
        Utf8Json json =
                Bodies.success(64 + names.size() * 32).field("count", count).field("serviceNames", names);
        return OutboundEnvelope.answer(SERVICE_LIST_TYPE, Bodies.endAnswer(json, true));
    }

    /**
     * Answers a wait for subscribers.
     *
     * @param subscribers how many clients subscribed when the wait began
     * @param missingCount how many of them have not acknowledged in time
     * @param missing who those are, or the first of them
     */
    public static OutboundEnvelope awaitSubscribers(int subscribers, int missingCount, List<String> missing) {
        Utf8Json json = Bodies.success(96 + missing.size() * 32)
                .field("subscribers", subscribers)
                .field("missingCount", missingCount)
                .field("missing", missing);
        return OutboundEnvelope.answer("AwaitSubscribersResponse", Bodies.endAnswer(json, true));
    }

    /** Answers a request for a fuzzy watch. */
    public static OutboundEnvelope fuzzyWatch() {
        return FUZZY_WATCH;
    }

    /** Refuses what the caller asked for, in an answer of the type that the request has. */
    public static OutboundEnvelope refusal(String answerType, PayloadError error, String message) {
        Utf8Json json = Bodies.answer(160, Ack.FAILURE, error.code(), message, null);
        if (answerType.equals(SERVICE_LIST_TYPE)) {
            json.field("count", 0);
        }
        return OutboundEnvelope.answer(answerType, Bodies.endAnswer(json, false));
    }

    /** Says that the protocol itself was broken: an error with result code 500. */
    public static OutboundEnvelope error(PayloadError error, String message) {
        return failure(Ack.FAILURE, error.code(), message);
    }

    /** Says that a handler could not do its work: an error whose result code is its error code. */
    public static OutboundEnvelope failure(PayloadError error, String message) {
        return failure(error.code(), error.code(), message);
    }

    /** Says that the connection is not registered. */
    public static OutboundEnvelope unregistered() {
        return UNREGISTERED;
    }

    /** Says that there is no such type of request. */
    public static OutboundEnvelope noHandler() {
        return NO_HANDLER;
    }

    /** Says that a type is for servers among themselves. */
    public static OutboundEnvelope clusterOnly(String type) {
        return error(PayloadError.BAD_GATEWAY, " invoke " + type + " from sdk is forbidden");
    }

    private static OutboundEnvelope failure(int resultCode, int errorCode, String message) {
        byte[] body = Bodies.endAnswer(Bodies.answer(160, resultCode, errorCode, message, null), false);
        return OutboundEnvelope.answer(ERROR_TYPE, body);
    }

    private static OutboundEnvelope plain(String type) {
        return OutboundEnvelope.answer(type, Bodies.endAnswer(Bodies.success(64), true));
    }

    private static OutboundEnvelope operation(String type, String operation) {
        Utf8Json json = Bodies.success(96).field("type", operation);
        return OutboundEnvelope.answer(type, Bodies.endAnswer(json, true));
    }

    private static byte[] serviceInfoHead(@Nullable String message) {
        return Bodies.answer(80, Ack.SUCCESS, 0, message, null)
                .name("serviceInfo")
                .toBytes();
    }
}
