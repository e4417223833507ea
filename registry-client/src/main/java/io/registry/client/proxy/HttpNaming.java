package io.registry.client.proxy;

import io.registry.api.error.ErrorCode;
import io.registry.api.error.RegistryException;
import io.registry.api.model.Instance;
import io.registry.api.model.ServiceKey;
import io.registry.api.model.ServicePage;
import io.registry.client.access.TokenSource;
import io.registry.client.http.HttpCaller;
import io.registry.client.redo.Failures;
import io.registry.proto.codec.KnownHosts;
import io.registry.proto.codec.MalformedBodyException;
import io.registry.proto.codec.ServerDecoder;
import io.registry.proto.json.Utf8Json;
import io.registry.proto.payload.ServerAnswer;
import io.registry.proto.payload.WireService;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * The calls of the HTTP API v1, as requests and answers.
 *
 * <p><b>Threading</b>: for the client loop.
 */
final class HttpNaming {

    /** The code of a beat for an instance that the server does not have. */
    static final int NOT_REGISTERED = 20_404;

    private static final String INSTANCE = "/v1/ns/instance";

    /**
     * What a beat is answered.
     *
     * @param code {@link #NOT_REGISTERED} or another
     * @param intervalMillis until the next beat; 0 where the server does not say
     * @param light whether beats need not describe their instance
     */
    record Beat(int code, long intervalMillis, boolean light) {}

    private final HttpCaller http;
    private final TokenSource tokens;
    private final String contextPath;
    private final String namespace;

    HttpNaming(HttpCaller http, TokenSource tokens, String contextPath, String namespace) {
        this.http = http;
        this.tokens = tokens;
        this.contextPath = contextPath;
        this.namespace = namespace;
    }

    HttpCaller http() {
        return http;
    }

    CompletableFuture<Void> register(ServiceKey service, Instance instance) {
        return call("POST", INSTANCE, described(service, instance), null).thenApply(answer -> null);
    }

    CompletableFuture<Void> deregister(ServiceKey service, Instance instance) {
        Map<String, String> query = addressed(service, instance);
        query.put("ephemeral", Boolean.toString(instance.ephemeral()));
        return call("DELETE", INSTANCE, query, null).thenApply(answer -> null);
    }

    CompletableFuture<Beat> beat(ServiceKey service, Instance instance, boolean light) {
        Map<String, String> form = light ? Map.of() : Map.of("beat", beatText(service, instance));
        return call("PUT", INSTANCE + "/beat", addressed(service, instance), form)
                .thenApply(answer -> {
                    try {
                        Map<String, String> read = ServerDecoder.texts(answer.body());
                        return new Beat(
                                number(read, "code"),
                                number(read, "clientBeatInterval"),
                                Boolean.parseBoolean(read.getOrDefault("lightBeatEnabled", "false")));
                    } catch (MalformedBodyException e) {
                        throw Failures.malformed(e);
                    }
                });
    }

    CompletableFuture<WireService> list(ServiceKey service, KnownHosts known) {
        Map<String, String> query = new LinkedHashMap<>();
        query.put("namespaceId", namespace);
        query.put("serviceName", service.groupedName());
        query.put("groupName", service.group());
        query.put("clusters", "");
        query.put("healthyOnly", "false");
        return call("GET", INSTANCE + "/list", query, null).thenApply(answer -> {
            try {
                return ServerDecoder.httpService(answer.body(), known);
            } catch (MalformedBodyException e) {
                throw Failures.malformed(e);
            }
        });
    }

    CompletableFuture<ServicePage> services(int pageNo, int pageSize, String group) {
        Map<String, String> query = new LinkedHashMap<>();
        query.put("namespaceId", namespace);
        query.put("groupName", group);
        query.put("pageNo", Integer.toString(pageNo));
        query.put("pageSize", Integer.toString(pageSize));
        return call("GET", "/v1/ns/service/list", query, null).thenApply(answer -> {
            try {
                ServerAnswer.Services read = ServerDecoder.httpServices(answer.body());
                return new ServicePage(read.count(), read.names());
            } catch (MalformedBodyException e) {
                throw Failures.malformed(e);
            }
        });
    }

    CompletableFuture<Boolean> up() {
        return call("GET", "/v1/ns/operator/metrics", Map.of(), null)
                .handle((answer, failure) -> failure == null && answer.text().contains("UP"));
    }

    private Map<String, String> addressed(ServiceKey service, Instance instance) {
        Map<String, String> query = new LinkedHashMap<>();
        query.put("namespaceId", namespace);
        query.put("serviceName", service.groupedName());
        query.put("groupName", service.group());
        query.put("clusterName", instance.cluster());
        query.put("ip", instance.ip());
        query.put("port", Integer.toString(instance.port()));
        return query;
    }

    private Map<String, String> described(ServiceKey service, Instance instance) {
        Map<String, String> query = addressed(service, instance);
        query.put("weight", Double.toString(instance.weight()));
        query.put("enable", Boolean.toString(instance.enabled()));
        query.put("healthy", Boolean.toString(instance.healthy()));
        query.put("ephemeral", Boolean.toString(instance.ephemeral()));
        query.put("metadata", new Utf8Json().value(instance.metadata()).toString());
        return query;
    }

    private static String beatText(ServiceKey service, Instance instance) {
        return new Utf8Json()
                .beginObject()
                .field("ip", instance.ip())
                .field("port", instance.port())
                .field("weight", instance.weight())
                .field("serviceName", service.groupedName())
                .field("cluster", instance.cluster())
                .field("metadata", instance.metadata())
                .field("ephemeral", true)
                .field("scheduled", false)
                .field("period", instance.heartBeatIntervalMillis())
                .field("stopped", false)
                .endObject()
                .toString();
    }

    private CompletableFuture<HttpCaller.Answer> call(
            String method, String path, Map<String, String> query, @Nullable Map<String, String> form) {
        Map<String, String> all = new LinkedHashMap<>(query);
        all.putAll(tokens.parameters());
        return http.call(method, contextPath + path, all, form).handle((answer, failure) -> {
            if (failure != null) {
                throw new CompletionException(Failures.unreachable("no server answered: " + failure.getMessage()));
            }
            if (!answer.succeeded()) {
                throw new CompletionException(refused(answer));
            }
            return answer;
        });
    }

    private RegistryException refused(HttpCaller.Answer answer) {
        if (answer.status() == 403) {
            tokens.denied();
        }
        ErrorCode code = switch (answer.status()) {
            case 400 -> ErrorCode.INVALID_PARAMETER;
            case 403 -> ErrorCode.FORBIDDEN;
            case 404 -> ErrorCode.NOT_FOUND;
            case 429 -> ErrorCode.OVER_LIMIT;
            case 501 -> ErrorCode.UNSUPPORTED;
            case 503 -> ErrorCode.NOT_READY;
            default -> ErrorCode.INTERNAL;
        };
        return new RegistryException(code, "status " + answer.status() + ": " + answer.text());
    }

    private static int number(Map<String, String> read, String name) {
        try {
            return Integer.parseInt(read.getOrDefault(name, "0"));
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
