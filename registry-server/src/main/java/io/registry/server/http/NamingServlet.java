package io.registry.server.http;

import io.registry.api.error.ErrorCode;
import io.registry.api.error.RegistryException;
import io.registry.server.core.access.AccessPolicy;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one entry of all HTTP calls of the protocol. Brings each through the checks in their fixed order (path, gate,
 * service name, route, caller, parameter formats, handler), and turns every refusal into the form that the caller's dialect has
 * for it.
 *
 * <p>No thread waits for a caller: a body that has not arrived with its headers is gathered as it comes, and a long
 * answer is written as the caller takes it.
 *
 * <p><b>Threading</b>: container threads, many at once; holds nothing that changes.
 */
public final class NamingServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;
    private static final Logger log = LoggerFactory.getLogger(NamingServlet.class);
    private static final String NAMING_V1 = "/v1/ns/";
    private static final byte[] NO_BODY = new byte[0];

    private final transient Routes routes;
    private final transient Gate gate;
    private final transient Admission admission;
    private final transient CallWitness witness;
    private final transient BodyBudget bodies;

    /** Makes an entry to the given routes. */
    public NamingServlet(Routes routes, Gate gate, Admission admission, BodyBudget bodies) {
        this.routes = routes;
        this.gate = gate;
        this.admission = admission;
        this.witness = admission.witness();
        this.bodies = bodies;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String uri = request.getRequestURI();
        String path = RequestPath.below(uri, request.getContextPath().length());
        if (path != null && path.isEmpty()) {
            response.setStatus(HttpServletResponse.SC_FOUND);
            response.setHeader("Location", uri + "/");
            return;
        }
        Question question = new Question(request, response, uri, path == null ? "" : path);
        question.route = routes.at(question.path).get(request.getMethod());
        Route route = question.route;
        Answer answer = route != null && route.handler() instanceof StreamHandler.Streaming streaming
                ? stream(question, route, streaming.handler())
                : ask(question);
        if (answer != null) {
            AnswerWriter.write(answer, request, response);
        }
    }

    /** Leaves body and answer to the handler; returns what is to be answered, or null where it has, or nobody is there. */
    private @Nullable Answer stream(Question question, Route route, StreamHandler handler) {
        String method = question.request.getMethod();
        try {
            Answer closed = gate.refusal(method, question.uri, question.path);
            if (closed != null) {
                return closed;
            }
            // Of a body that is not read, nothing counts as said.
            HttpCall call = admitted(question, route, question.call(NO_BODY));
            return stream(question, route, call, handler);
        } catch (Refused e) {
            return e.answer();
        } catch (RegistryException e) {
            return HttpErrors.answer(question.dialect(), e.code(), e.getMessage());
        } catch (IOException e) {
            UnreadBodies.giveUp(question.request, question.response);
            log.warn("request broken off: {} {} cause={}", method, question.path, e.toString());
            return question.response.isCommitted()
                    ? null
                    : HttpErrors.answer(question.dialect(), ErrorCode.INTERNAL, "server error");
        } catch (RuntimeException e) {
            log.error("request failed, answered with 500: {} {}", method, question.path, e);
            return HttpErrors.answer(question.dialect(), ErrorCode.INTERNAL, "server error");
        }
    }

    private @Nullable Answer stream(Question question, Route route, HttpCall call, StreamHandler handler)
            throws IOException {
        try {
            Answer answer = handler.stream(question.request, question.response);
            witness.answered(route.access(), call, answer == null ? Answer.OK : answer);
            return answer;
        } catch (RegistryException e) {
            witness.failed(route.access(), call, e.code());
            throw e;
        } catch (IOException | RuntimeException e) {
            witness.failed(route.access(), call, ErrorCode.INTERNAL);
            throw e;
        }
    }

    /** Returns the answer; null where it is sent later, or the caller has gone. */
    private @Nullable Answer ask(Question question) {
        try {
            FormBody body = FormBody.of(question.request, bodies);
            if (body == null) {
                return answer(question, NO_BODY);
            }
            ServletInputStream in = question.request.getInputStream();
            if (body.isTooLarge()) {
                refuse(question, body, in);
                return null;
            }
            if (body.hasArrived(in)) {
                return answer(question, readAll(body, in));
            }
            gather(question, body, in);
            return null;
        } catch (IOException e) {
            return broken(question, e);
        }
    }

    private static byte[] readAll(FormBody body, ServletInputStream in) throws IOException {
        try {
            boolean ended = body.read(in);
            while (!ended) {
                ended = body.read(in);
            }
            return body.bytes();
        } finally {
            body.release();
        }
    }

    /** Refuses a body that announces too much, and reads on for a while, so that its sender comes to see the answer. */
    private void refuse(Question question, FormBody body, ServletInputStream in) throws IOException {
        question.response.setHeader("Connection", "close");
        AsyncContext later = question.request.startAsync(question.request, question.response);
        AnswerWriter.writeAhead(tooLarge(question.dialect()), question.response);
        BodyGathering.begin(later, in, body, (bytes, problem) -> {
            UnreadBodies.giveUp(question.request, question.response);
            later.complete();
        });
    }

    private Answer tooLarge(Dialect dialect) {
        return HttpErrors.answer(
                dialect,
                413,
                ErrorCode.INVALID_PARAMETER,
                "body too large (expected: at most " + bodies.bodyBytesMax() + " bytes)");
    }

    private void gather(Question question, FormBody body, ServletInputStream in) {
        AsyncContext later = question.request.startAsync(question.request, question.response);
        BodyGathering.begin(later, in, body, (bytes, problem) -> {
            Answer answer = problem == null ? answer(question, bytes) : broken(question, problem);
            if (answer == null) {
                later.complete();
            } else {
                AnswerWriter.writeLater(answer, later);
            }
        });
    }

    private Answer answer(Question question, byte[] body) {
        Dialect dialect = question.dialect();
        Route route = question.route;
        String method = question.request.getMethod();
        if (question.path.isEmpty()) {
            return ErrorPage.of(400, RequestPath.MALFORMED, question.uri);
        }
        if (isForeignPreflight(question.request, method)) {
            return Answer.bare(403, "Invalid CORS request");
        }
        try {
            Answer closed = gate.refusal(method, question.uri, question.path);
            if (closed != null) {
                return closed;
            }
            if (route == null && !question.naming) {
                return unknown(question, method);
            }
            HttpCall call = question.call(body);
            if (question.naming) {
                ServiceNames.checkGrouped(call.params(), question.uri);
            }
            if (route == null) {
                return ErrorPage.of(501, "no such api:" + method + ":" + question.uri, question.uri);
            }
            call = admitted(question, route, call);
            FormatCheck.check(call, dialect);
            Answer answer = handle(route, call);
            witness.answered(route.access(), call, answer);
            return answer;
        } catch (Refused e) {
            return e.answer();
        } catch (RegistryException e) {
            return e.code() == ErrorCode.FORBIDDEN
                    ? forbidden(question, 403, String.valueOf(e.getMessage()))
                    : HttpErrors.answer(dialect, e.code(), e.getMessage());
        } catch (RuntimeException e) {
            log.error("request failed, answered with 500: {} {}", method, question.path, e);
            return HttpErrors.answer(dialect, ErrorCode.INTERNAL, "server error");
        }
    }

    private Answer handle(Route route, HttpCall call) {
        try {
            return route.handler().handle(call);
        } catch (RegistryException e) {
            if (e.code() == ErrorCode.FORBIDDEN) {
                witness.refused(call, null, String.valueOf(e.getMessage()));
            } else {
                witness.failed(route.access(), call, e.code());
            }
            throw e;
        }
    }

    /**
     * Returns the call together with who makes it.
     *
     * @throws Refused where it may not be made: with 403 whatever the cause, on which clients log in again, and on v3 with
     *     the number that other servers give it
     */
    private HttpCall admitted(Question question, Route route, HttpCall call) {
        AccessPolicy.Decision decision = admission.decide(route.access(), call);
        String why = decision.refusal();
        if (why != null) {
            throw new Refused(forbidden(question, decision.principal().isKnown() ? 403 : 401, why));
        }
        return call.by(decision.principal());
    }

    private static Answer forbidden(Question question, int number, String why) {
        String text = question.path.startsWith("/v3/") ? "Code: " + number + ", Message: " + why + "." : why;
        return ErrorPage.of(403, text, question.uri);
    }

    /** Returns the answer to a request whose body did not come whole; null where nobody is there to be answered. */
    private @Nullable Answer broken(Question question, Throwable problem) {
        Dialect dialect = question.dialect();
        UnreadBodies.giveUp(question.request, question.response);
        if (problem instanceof FormBody.TooLarge) {
            return tooLarge(dialect);
        }
        if (problem instanceof BodyGathering.TooSlow || problem instanceof SocketTimeoutException) {
            return HttpErrors.answer(dialect, 408, ErrorCode.INVALID_PARAMETER, "body did not arrive in time");
        }
        if (problem instanceof BodyBudget.Exhausted) {
            return HttpErrors.answer(dialect, ErrorCode.OVERLOADED, "too many bodies are under way, try again later");
        }
        log.debug("request broken off: {} {}", question.request.getMethod(), question.path, problem);
        return null;
    }

    private Answer unknown(Question question, String method) {
        String uri = question.uri;
        Map<String, Route> methods = routes.at(question.path);
        if (methods.isEmpty()) {
            boolean third = uri.contains("/v3/");
            return ErrorPage.of(404, third ? "No endpoint " + method + " " + uri + "." : "No message available", uri);
        }
        question.response.setHeader("Allow", String.join(", ", methods.keySet()));
        return ErrorPage.of(405, "Method '" + method + "' is not supported.", uri);
    }

    private static boolean isForeignPreflight(HttpServletRequest request, String method) {
        return method.equals("OPTIONS")
                && request.getHeader("Origin") != null
                && request.getHeader("Access-Control-Request-Method") != null;
    }

    /** A request on its way through the checks. */
    private static final class Question {

        private final HttpServletRequest request;
        private final HttpServletResponse response;
        private final String uri;
        private final String path;
        private final boolean naming;
        private @Nullable Route route;

        Question(HttpServletRequest request, HttpServletResponse response, String uri, String path) {
            this.request = request;
            this.response = response;
            this.uri = uri;
            this.path = path;
            this.naming = path.startsWith(NAMING_V1);
        }

        HttpCall call(byte[] body) {
            return new HttpCall(
                    request.getMethod(),
                    path,
                    HttpParams.parse(request.getQueryString(), body),
                    request::getHeader,
                    request.getRemoteAddr());
        }

        Dialect dialect() {
            Route found = route;
            if (found != null) {
                return found.dialect();
            }
            return naming ? Dialect.NAMING_V1 : Dialect.CONSOLE_V1;
        }
    }
}
