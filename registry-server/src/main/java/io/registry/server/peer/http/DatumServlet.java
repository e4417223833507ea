package io.registry.server.peer.http;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The path of the HTTP port to which members come with what they say to one another. It asks nobody for a password: who
 * does not prove the secret of the cluster gets nothing out of it but a few words.
 *
 * <p><b>Threading</b>: container threads, many at once.
 */
public final class DatumServlet extends HttpServlet {

    /** The path below the context path. */
    public static final String PATH = DatumWire.PATH;

    private static final long serialVersionUID = 1L;

    private final transient BiConsumer<HttpServletRequest, HttpServletResponse> giveUp;

    /** Where lines end while there is anybody to take them. */
    private final transient AtomicReference<@Nullable HttpPort> port = new AtomicReference<>();

    /**
     * Makes the entry; nobody is behind it yet.
     *
     * @param giveUp has the connection of a request closed behind its answer, whatever of its body is still to come
     */
    public DatumServlet(BiConsumer<HttpServletRequest, HttpServletResponse> giveUp) {
        this.giveUp = giveUp;
    }

    void attach(HttpPort taking) {
        port.set(taking);
    }

    /** Ends the lines of others and takes none any more, so that no request waits when the HTTP port closes. */
    public void hangUp() {
        HttpPort taking = port.getAndSet(null);
        if (taking != null) {
            taking.hangUp();
        }
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (!request.getMethod().equals(DatumWire.METHOD)) {
            response.setHeader("Allow", DatumWire.METHOD);
            answer(response, HttpServletResponse.SC_METHOD_NOT_ALLOWED, "method (expected: " + DatumWire.METHOD + ")");
            return;
        }
        HttpPort taking = port.get();
        if (taking == null) {
            answer(response, HttpServletResponse.SC_SERVICE_UNAVAILABLE, HttpPort.CLOSED);
            return;
        }
        DatumRequest asked;
        try {
            asked = DatumRequest.of(request);
        } catch (DatumRequest.Malformed e) {
            taking.refused();
            answer(response, HttpServletResponse.SC_BAD_REQUEST, String.valueOf(e.getMessage()));
            return;
        }
        HttpPort.Entry entry = taking.entry(asked);
        if (entry.refusal() != null) {
            answer(response, entry.status(), entry.refusal());
        } else if (request.getContentLengthLong() > entry.limit().bytesMax()) {
            taking.refused();
            answer(
                    response,
                    HttpServletResponse.SC_REQUEST_ENTITY_TOO_LARGE,
                    entry.limit().text());
        } else {
            Exchange.begin(
                    asked,
                    request,
                    response,
                    entry.within(),
                    entry.limit(),
                    () -> giveUp.accept(request, response),
                    taking::take);
        }
    }

    private static void answer(HttpServletResponse response, int status, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        response.setStatus(status);
        response.setContentType(DatumWire.TEXT);
        response.setContentLength(bytes.length);
        response.getOutputStream().write(bytes);
    }
}
