package io.registry.server.http;

import io.registry.api.error.ErrorCode;
import io.registry.api.error.RegistryException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one entry of all HTTP calls of the protocol. Brings each through the checks in their fixed order (path, gate,
 * service name, route, parameter formats, handler), and turns every refusal into the form that the caller's dialect has
 * for it.
 *
 * <p><b>Threading</b>: container threads, many at once; holds nothing that changes.
 */
public final class NamingServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;
    private static final Logger log = LoggerFactory.getLogger(NamingServlet.class);
    private static final String NAMING_V1 = "/v1/ns/";

    private final transient Routes routes;
    private final transient Gate gate;
    private final int bodyBytesMax;

    /**
     * Makes an entry to the given routes.
     *
     * @param bodyBytesMax the largest body that is read
     */
    public NamingServlet(Routes routes, Gate gate, int bodyBytesMax) {
        this.routes = routes;
        this.gate = gate;
        this.bodyBytesMax = bodyBytesMax;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String uri = request.getRequestURI();
        String path = RequestPath.below(uri, request.getContextPath().length());
        Answer answer;
        if (path != null && path.isEmpty()) {
            response.setStatus(HttpServletResponse.SC_FOUND);
            response.setHeader("Location", uri + "/");
            return;
        }
        if (path == null) {
            answer = ErrorPage.of(400, "malformed path (expected: no ';', empty or relative segment)", uri);
        } else {
            answer = answer(request, response, uri, path);
        }
        if (answer != null) {
            send(answer, response);
        }
    }

    private @Nullable Answer answer(HttpServletRequest request, HttpServletResponse response, String uri, String path) {
        String method = request.getMethod();
        if (isForeignPreflight(request, method)) {
            return Answer.bare(403, "Invalid CORS request");
        }
        boolean naming = path.startsWith(NAMING_V1);
        Dialect dialect = naming ? Dialect.NAMING_V1 : Dialect.CONSOLE_V1;
        try {
            Answer closed = gate.refusal(method, uri, path);
            if (closed != null) {
                return closed;
            }
            Map<String, Route> methods = routes.at(path);
            Route route = methods.get(method);
            if (route == null && !naming) {
                return unknown(methods, response, method, uri);
            }
            dialect = route == null ? dialect : route.dialect();
            HttpCall call = new HttpCall(
                    method,
                    path,
                    HttpParams.parse(request.getQueryString(), FormBody.read(request, bodyBytesMax)),
                    request::getHeader,
                    request.getRemoteAddr());
            if (naming) {
                ServiceNames.checkGrouped(call.params(), uri);
            }
            if (route == null) {
                return ErrorPage.of(501, "no such api:" + method + ":" + uri, uri);
            }
            FormatCheck.check(call, dialect);
            return route.handler().handle(call);
        } catch (Refused e) {
            return e.answer();
        } catch (RegistryException e) {
            return HttpErrors.answer(dialect, e.code(), e.getMessage());
        } catch (FormBody.TooLarge e) {
            return HttpErrors.answer(
                    dialect,
                    413,
                    ErrorCode.INVALID_PARAMETER,
                    "body too large (expected: at most " + bodyBytesMax + " bytes)");
        } catch (FormBody.TooSlow | SocketTimeoutException e) {
            return HttpErrors.answer(dialect, 408, ErrorCode.INVALID_PARAMETER, "body did not arrive in time");
        } catch (IOException e) {
            // The caller has gone; there is nobody to answer.
            log.debug("request broken off: {} {}", method, path, e);
            return null;
        } catch (RuntimeException e) {
            log.error("request failed, answered with 500: {} {}", method, path, e);
            return HttpErrors.answer(dialect, ErrorCode.INTERNAL, "server error");
        }
    }

    private static Answer unknown(Map<String, Route> methods, HttpServletResponse response, String method, String uri) {
        if (methods.isEmpty()) {
            boolean third = uri.contains("/v3/");
            return ErrorPage.of(404, third ? "No endpoint " + method + " " + uri + "." : "No message available", uri);
        }
        response.setHeader("Allow", String.join(", ", methods.keySet()));
        return ErrorPage.of(405, "Method '" + method + "' is not supported.", uri);
    }

    private static boolean isForeignPreflight(HttpServletRequest request, String method) {
        return method.equals("OPTIONS")
                && request.getHeader("Origin") != null
                && request.getHeader("Access-Control-Request-Method") != null;
    }

    private static void send(Answer answer, HttpServletResponse response) throws IOException {
        response.setStatus(answer.status());
        if (answer.contentType() != null) {
            response.setContentType(answer.contentType());
        }
        if (answer.noCache()) {
            response.setHeader("Pragma", "no-cache");
            response.setHeader("Cache-Control", "no-cache,no-store");
        }
        response.setContentLength(answer.length());
        OutputStream out = response.getOutputStream();
        write(out, answer.head());
        write(out, answer.shared());
        write(out, answer.tail());
    }

    private static void write(OutputStream out, byte[] bytes) throws IOException {
        if (bytes.length > 0) {
            out.write(bytes, 0, bytes.length);
        }
    }
}
