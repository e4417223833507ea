package io.registry.server.http;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.coyote.ActionCode;

/**
 * Gives up connections whose request was answered before its body had come. The container would wait for the rest on
 * the thread that answered, so that some callers who announce a body and send none could hold all threads.
 *
 * <p><b>Threading</b>: container threads, many at once; holds nothing that changes.
 */
public final class UnreadBodies extends ValveBase {

    private static final String REQUEST = UnreadBodies.class.getName();

    /** Makes a valve that is to stand in front of all servlets. */
    public UnreadBodies() {
        super(true);
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
        if (!FormBody.isAnnounced(request)) {
            getNext().invoke(request, response);
            return;
        }
        request.setAttribute(REQUEST, request);
        getNext().invoke(request, response);
        if (!request.isAsync() && waitsForTheRest(request)) {
            giveUp(request, response);
        }
    }

    /** Has the connection closed behind the answer, whatever of the request's body is still to come. */
    public static void giveUp(HttpServletRequest request, HttpServletResponse response) {
        if (request.getAttribute(REQUEST) instanceof Request inner) {
            int status = response.getStatus();
            inner.getCoyoteRequest().action(ActionCode.DISABLE_SWALLOW_INPUT, null);
            // The container takes it for a failure of ours.
            response.setStatus(status);
            response.setHeader("Connection", "close");
        }
    }

    private static boolean waitsForTheRest(Request request) {
        AtomicBoolean read = new AtomicBoolean();
        request.getCoyoteRequest().action(ActionCode.REQUEST_BODY_FULLY_READ, read);
        if (read.get()) {
            return false;
        }
        request.getCoyoteRequest().action(ActionCode.AVAILABLE, false);
        long announced = request.getContentLengthLong();
        return announced < 0 || request.getCoyoteRequest().getAvailable() < announced;
    }
}
