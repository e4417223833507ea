package io.registry.server.http;

import io.registry.api.error.RegistryException;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Stands before what is not ours to route: the framework's paths for health and figures. Health is open to anybody, by the
 * few paths that it has; whatever else is asked for there asks for a reader of figures, whether it is there or not.
 *
 * <p><b>Threading</b>: container threads, many at once; holds nothing that changes.
 */
public final class ActuatorGuard implements Filter {

    private static final Set<String> OPEN =
            Set.of("/actuator/health", "/actuator/health/liveness", "/actuator/health/readiness");

    private final Admission admission;

    /** Makes the filter. */
    public ActuatorGuard(Admission admission) {
        this.admission = admission;
    }

    @Override
    public void doFilter(ServletRequest asked, ServletResponse answered, FilterChain chain)
            throws IOException, ServletException {
        HttpServletRequest request = (HttpServletRequest) asked;
        HttpServletResponse response = (HttpServletResponse) answered;
        Answer refusal = refusal(request);
        if (refusal == null) {
            chain.doFilter(request, response);
        } else {
            AnswerWriter.write(refusal, request, response);
        }
    }

    private @Nullable Answer refusal(HttpServletRequest request) {
        String uri = request.getRequestURI();
        String path = RequestPath.below(uri, request.getContextPath().length());
        if (path == null) {
            return ErrorPage.of(400, RequestPath.MALFORMED, uri);
        }
        if (OPEN.contains(path)) {
            return null;
        }
        try {
            HttpCall call = new HttpCall(
                    request.getMethod(),
                    path,
                    HttpParams.parse(request.getQueryString(), new byte[0]),
                    request::getHeader,
                    request.getRemoteAddr());
            String why = admission.decide(Access.METRICS, call).refusal();
            return why == null ? null : ErrorPage.of(403, why, uri);
        } catch (RegistryException e) {
            return HttpErrors.answer(Dialect.CONSOLE_V1, e.code(), e.getMessage());
        }
    }
}
