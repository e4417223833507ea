package io.registry.server.http;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Answers the requests of a route whose body, or whose answer, is too long to be held in memory. It has the request to
 * itself: no body was read, and no bound was kept but its own.
 *
 * <p><b>Threading</b>: called on a container thread, which it holds for as long as it reads and writes; so it has to bound
 * how many do so at once, and for how long.
 */
@FunctionalInterface
public interface StreamHandler {

    /**
     * Answers a request.
     *
     * @return the answer, or null where it has written one itself
     * @throws io.registry.api.error.RegistryException to refuse it in the form of the route's dialect
     * @throws IOException where the caller has gone
     */
    @Nullable
    Answer stream(HttpServletRequest request, HttpServletResponse response) throws IOException;

    /** Stands in the table of routes for a handler that is called with what the servlet got. */
    record Streaming(StreamHandler handler) implements Handler {
        @Override
        public Answer handle(HttpCall call) {
            throw new IllegalStateException("call: " + call.path() + " (expected: one whose body was not read)");
        }
    }
}
