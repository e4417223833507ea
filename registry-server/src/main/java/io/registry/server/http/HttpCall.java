package io.registry.server.http;

import io.registry.api.error.ErrorCode;
import io.registry.api.error.RegistryException;
import io.registry.server.core.access.Principal;
import io.registry.server.core.event.Origin;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One request, as handlers see it.
 *
 * <p><b>Threading</b>: belongs to the container thread that serves the request.
 */
public final class HttpCall {

    /** How long an answer of the registry is waited for: longer than the bounds of everything it may wait for itself. */
    private static final Duration AWAIT_MAX = Duration.ofSeconds(10);

    private final String method;
    private final String path;
    private final HttpParams params;
    private final Headers headers;
    private final String remoteAddress;
    private final Principal caller;

    /** Gives the header of a name, or null. */
    @FunctionalInterface
    public interface Headers {
        /** Returns the first header of this name, whatever its case, or null. */
        @Nullable
        String header(String name);
    }

    /**
     * Makes a call.
     *
     * @param method the HTTP method, in capitals
     * @param path the path below the context path, without a trailing slash
     * @param params the parameters
     * @param headers gives a header by name
     * @param remoteAddress the address of the other end of the connection
     */
    public HttpCall(String method, String path, HttpParams params, Headers headers, String remoteAddress) {
        this(method, path, params, headers, remoteAddress, Principal.ANONYMOUS);
    }

    private HttpCall(
            String method, String path, HttpParams params, Headers headers, String remoteAddress, Principal caller) {
        this.method = method;
        this.path = path;
        this.params = params;
        this.headers = headers;
        this.remoteAddress = remoteAddress;
        this.caller = caller;
    }

    /** Returns this as made by someone who is known now. */
    HttpCall by(Principal principal) {
        return new HttpCall(method, path, params, headers, remoteAddress, principal);
    }

    /** Returns who makes the call. */
    public Principal caller() {
        return caller;
    }

    /** Returns the HTTP method, in capitals. */
    public String method() {
        return method;
    }

    /** Returns the path below the context path, without a trailing slash. */
    public String path() {
        return path;
    }

    /** Returns the parameters. */
    public HttpParams params() {
        return params;
    }

    /** Returns a header, or the empty string. */
    public String header(String name) {
        String value = headers.header(name);
        return value == null ? "" : value;
    }

    /** Returns what kind of client calls: the agent, or the client's version where the agent is empty. */
    public String agent() {
        String agent = header("User-Agent");
        return agent.isEmpty() ? header("Client-Version") : agent;
    }

    /** Returns the address of the other end of the connection. */
    public String remoteAddress() {
        return remoteAddress;
    }

    /** Returns who calls, for the record. */
    public Origin origin() {
        return Origin.of(Origin.Protocol.HTTP, remoteAddress).as(caller.isKnown() ? caller.name() : null);
    }

    /** Returns a segment of the path, decoded; the first has number 0. */
    public String segment(int number) {
        int start = 1;
        for (int i = 0; i < number; i++) {
            start = path.indexOf('/', start) + 1;
        }
        int end = path.indexOf('/', start);
        return HttpParams.decodeSegment(end < 0 ? path.substring(start) : path.substring(start, end));
    }

    /**
     * Waits for the registry's answer.
     *
     * @throws RegistryException as the registry has refused, or where it gave no answer in time; in the latter case what
     *     was asked may still happen
     */
    public <T> T await(CompletionStage<T> answer) {
        try {
            return answer.toCompletableFuture().get(AWAIT_MAX.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RegistryException refusal) {
                throw refusal;
            }
            throw new IllegalStateException("request failed: " + method + " " + path, e.getCause());
        } catch (TimeoutException e) {
            throw new RegistryException(
                    ErrorCode.OVERLOADED, "no answer within " + AWAIT_MAX.toSeconds() + " s, please try again later!");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RegistryException(ErrorCode.NOT_READY, "server is stopping, please try again later!");
        }
    }
}
