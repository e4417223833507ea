package io.registry.client.access;

import io.registry.client.http.HttpCaller;
import io.registry.client.runtime.ClientLoop;
import io.registry.client.runtime.Outcome;
import io.registry.proto.codec.MalformedBodyException;
import io.registry.proto.codec.ServerDecoder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The token of a user: fetched at the start, again when most of its time is over, and again after a refusal. Without a
 * user there is no token, and no call.
 *
 * <p><b>Threading</b>: for the client loop.
 */
public final class TokenSource {

    private static final Logger log = LoggerFactory.getLogger(TokenSource.class);
    private static final Duration RETRY = Duration.ofSeconds(5);

    /** A server that has no log-in at all seldom gets one. */
    private static final Duration RETRY_WITHOUT_LOGIN = Duration.ofMinutes(1);

    /** After a tenth of its life is left, a token is renewed. */
    private static final int LIFE_PERCENT = 90;

    private final ClientLoop loop;
    private final HttpCaller http;
    private final String contextPath;
    private final String user;
    private final String password;
    private final Map<String, String> always;
    private final List<Runnable> listeners = new ArrayList<>();
    private Map<String, String> headers;
    private boolean v3 = true;
    private boolean running;
    private boolean closed;
    private boolean failed;
    private long lastMillis;
    private int generation;
    private CompletableFuture<Void> first = CompletableFuture.completedFuture(null);

    /**
     * Makes a source.
     *
     * @param user empty for none
     * @param app what every naming request says about its application
     */
    public TokenSource(ClientLoop loop, HttpCaller http, String contextPath, String user, String password, String app) {
        this.loop = loop;
        this.http = http;
        this.contextPath = contextPath;
        this.user = user;
        this.password = password;
        this.always = Map.of("app", app);
        this.headers = always;
    }

    /** Fetches the first token; what is returned is completed when it is there, or could not be had. */
    public CompletableFuture<Void> start() {
        if (!user.isEmpty()) {
            first = new CompletableFuture<>();
            login();
        }
        return first;
    }

    /** Has somebody told when there is a new token. */
    public void onRenewal(Runnable listener) {
        listeners.add(listener);
    }

    /** Returns what goes with each naming request. */
    public Map<String, String> headers() {
        return headers;
    }

    /** Returns the token as a parameter for HTTP; empty where there is none. */
    public Map<String, String> parameters() {
        String token = headers.get("accessToken");
        return token == null ? Map.of() : Map.of("accessToken", token);
    }

    /** Says that a request was refused for lack of a right. */
    public void denied() {
        if (!user.isEmpty() && !running && loop.nowMillis() - lastMillis > RETRY.toMillis()) {
            login();
        }
    }

    /** Ends all renewal. */
    public void close() {
        closed = true;
    }

    private void login() {
        if (closed || running) {
            return;
        }
        running = true;
        lastMillis = loop.nowMillis();
        String path = contextPath + (v3 ? "/v3/auth/user/login" : "/v1/auth/users/login");
        Outcome.of(
                http.call("POST", path, Map.of("username", user), Map.of("password", password)), (answer, failure) -> {
                    running = false;
                    if (failure != null) {
                        failed(failure.toString(), RETRY);
                    } else if (v3 && (answer.status() == 404 || answer.status() == 501)) {
                        v3 = false;
                        login();
                    } else if (!answer.succeeded()) {
                        boolean none = answer.status() == 404 || answer.status() == 501;
                        failed("status " + answer.status() + ": " + answer.text(), none ? RETRY_WITHOUT_LOGIN : RETRY);
                    } else {
                        take(answer.body());
                    }
                });
    }

    private void take(byte[] body) {
        String token;
        long seconds;
        try {
            Map<String, String> read = ServerDecoder.texts(body);
            token = read.getOrDefault("accessToken", "");
            seconds = Long.parseLong(read.getOrDefault("tokenTtl", "0"));
        } catch (MalformedBodyException | NumberFormatException e) {
            failed("an answer that cannot be read", RETRY);
            return;
        }
        if (token.isEmpty()) {
            failed("an answer without a token", RETRY);
            return;
        }
        if (failed) {
            log.info("logged in again: user={}", user);
            failed = false;
        }
        Map<String, String> next = new LinkedHashMap<>();
        next.put("accessToken", token);
        next.putAll(always);
        headers = next;
        later(Duration.ofMillis(Math.max(RETRY.toMillis(), seconds * 10 * LIFE_PERCENT)));
        first.complete(null);
        listeners.forEach(Runnable::run);
    }

    private void failed(String cause, Duration retry) {
        if (!failed) {
            log.warn("cannot log in, requests go without a token until it works: user={} cause={}", user, cause);
            failed = true;
        }
        later(retry);
        first.complete(null);
    }

    private void later(Duration delay) {
        int number = ++generation;
        loop.after(delay, () -> {
            if (number == generation) {
                login();
            }
        });
    }
}
