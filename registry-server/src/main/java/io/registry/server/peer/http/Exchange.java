package io.registry.server.peer.http;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request, from its body to its answer. No thread waits for either: the body is gathered as it comes, and the answer
 * is written as the caller takes it.
 *
 * <p><b>Threading</b>: the container brings one event at a time; when the body is whole, the thread of the port answers.
 */
final class Exchange implements ReadListener, WriteListener, AsyncListener {

    private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);
    private static final byte[] NOTHING = {};

    /** What is made room for at first, in bytes: a digest fits in. */
    private static final int FIRST_ROOM = 4_096;

    /** How much is written at a time: what the socket does not take of it is copied by the container. */
    private static final int STEP_BYTES = 64 * 1024;

    private final DatumRequest asked;
    private final String remote;
    private final AsyncContext later;
    private final ServletInputStream in;
    private final BodyLimit limit;
    private final Runnable giveUp;
    private final Consumer<Exchange> whole;

    /** Whoever sets it answers. */
    private final AtomicBoolean over = new AtomicBoolean();

    private byte[] body = NOTHING;
    private int length;
    private int written;
    private @Nullable ServletOutputStream out;

    private Exchange(
            DatumRequest asked,
            HttpServletRequest request,
            AsyncContext later,
            BodyLimit limit,
            Runnable giveUp,
            Consumer<Exchange> whole)
            throws IOException {
        this.asked = asked;
        this.remote = request.getRemoteAddr() + ":" + request.getRemotePort();
        this.later = later;
        this.in = request.getInputStream();
        this.limit = limit;
        this.giveUp = giveUp;
        this.whole = whole;
    }

    /**
     * Begins with a request that has just come.
     *
     * @param within how long it may take, from its body to its answer
     * @param giveUp has the connection closed behind the answer, whatever of the body is still to come
     * @param whole told when the body has come
     */
    static void begin(
            DatumRequest asked,
            HttpServletRequest request,
            HttpServletResponse response,
            Duration within,
            BodyLimit limit,
            Runnable giveUp,
            Consumer<Exchange> whole)
            throws IOException {
        AsyncContext later = request.startAsync(request, response);
        later.setTimeout(within.toMillis());
        Exchange exchange = new Exchange(asked, request, later, limit, giveUp, whole);
        later.addListener(exchange);
        if (request.getContentLengthLong() == 0
                || request.getContentLengthLong() < 0 && request.getHeader("Transfer-Encoding") == null) {
            whole.accept(exchange);
        } else {
            exchange.in.setReadListener(exchange);
        }
    }

    DatumRequest asked() {
        return asked;
    }

    String remote() {
        return remote;
    }

    /** Returns the body. */
    byte[] body() {
        return length == body.length ? body : Arrays.copyOf(body, length);
    }

    /** Answers with frames. */
    void answer(int status, @Nullable String stream, boolean last, byte[] frames) {
        if (!claim()) {
            return;
        }
        HttpServletResponse response = (HttpServletResponse) later.getResponse();
        if (stream != null) {
            response.setHeader(DatumWire.STREAM, stream);
        }
        if (last) {
            response.setHeader(DatumWire.LAST, DatumWire.TRUE);
        }
        write(response, status, DatumWire.FRAMES, frames);
    }

    /** Answers that this leads nowhere, and why. */
    void refuse(int status, String cause) {
        if (claim()) {
            write(
                    (HttpServletResponse) later.getResponse(),
                    status,
                    DatumWire.TEXT,
                    cause.getBytes(StandardCharsets.UTF_8));
        }
    }

    private boolean claim() {
        if (!over.compareAndSet(false, true)) {
            return false;
        }
        limit.release(body.length);
        body = NOTHING;
        return true;
    }

    private void write(HttpServletResponse response, int status, String type, byte[] content) {
        try {
            response.setStatus(status);
            response.setContentLength(content.length);
            if (content.length == 0) {
                later.complete();
                return;
            }
            response.setContentType(type);
            body = content;
            out = response.getOutputStream();
            out.setWriteListener(this);
        } catch (IOException | IllegalStateException e) {
            LOG.debug("nobody is there any more to be answered: from={}", remote, e);
        }
    }

    @Override
    public void onWritePossible() throws IOException {
        ServletOutputStream to = out;
        while (to != null && to.isReady()) {
            if (written == body.length) {
                later.complete();
                return;
            }
            int count = Math.min(STEP_BYTES, body.length - written);
            to.write(body, written, count);
            written += count;
        }
    }

    @Override
    public void onDataAvailable() throws IOException {
        while (!over.get() && in.isReady()) {
            if (length == body.length && !grow()) {
                return;
            }
            int more = in.read(body, length, body.length - length);
            if (more < 0) {
                // The container says so next.
                return;
            }
            length += more;
        }
    }

    private boolean grow() {
        // One byte more than is taken shows that there is more, where no length was announced.
        int size = (int) Math.min(limit.bytesMax() + 1L, Math.max(FIRST_ROOM, 2L * length));
        if (size <= length) {
            breakOff(HttpServletResponse.SC_REQUEST_ENTITY_TOO_LARGE, limit.text());
            return false;
        }
        if (!limit.take(size - length)) {
            breakOff(HttpServletResponse.SC_SERVICE_UNAVAILABLE, "too many bodies are under way");
            return false;
        }
        body = Arrays.copyOf(body, size);
        return true;
    }

    @Override
    public void onAllDataRead() {
        if (length > limit.bytesMax()) {
            breakOff(HttpServletResponse.SC_REQUEST_ENTITY_TOO_LARGE, limit.text());
        } else if (!over.get()) {
            whole.accept(this);
        }
    }

    @Override
    public void onError(Throwable problem) {
        LOG.debug("request broken off: from={}", remote, problem);
        breakOff(HttpServletResponse.SC_BAD_REQUEST, "broken off");
        if (out != null) {
            later.complete();
        }
    }

    @Override
    public void onTimeout(AsyncEvent event) {
        breakOff(HttpServletResponse.SC_REQUEST_TIMEOUT, "not complete in time");
    }

    @Override
    public void onError(AsyncEvent event) {
        breakOff(HttpServletResponse.SC_BAD_REQUEST, "broken off");
    }

    @Override
    public void onComplete(AsyncEvent event) {
        // From now on the container uses request and response for others.
        claim();
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
        // Nothing starts again.
    }

    /** Answers on a thread of the container, in a few words, what has not come whole. */
    private void breakOff(int status, String cause) {
        if (!claim()) {
            return;
        }
        giveUp.run();
        try {
            HttpServletResponse response = (HttpServletResponse) later.getResponse();
            response.setStatus(status);
            response.setContentType(DatumWire.TEXT);
            byte[] text = cause.getBytes(StandardCharsets.UTF_8);
            response.setContentLength(text.length);
            response.getOutputStream().write(text);
        } catch (IOException e) {
            LOG.debug("answer not taken: from={}", remote, e);
        }
        later.complete();
    }
}
