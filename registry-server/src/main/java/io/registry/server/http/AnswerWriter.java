package io.registry.server.http;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes answers: a short one at once, a long one as the caller takes it, so that one who does not read holds no thread.
 *
 * <p><b>Threading</b>: the container brings one event at a time.
 */
final class AnswerWriter implements WriteListener {

    private static final Logger log = LoggerFactory.getLogger(AnswerWriter.class);

    /** The longest answer that is written at once, in bytes: the socket's buffer takes it unless many wait there. */
    private static final int SHORT_BYTES_MAX = 16 * 1024;

    /** How much is written at a time: what the socket does not take of it is copied by the container. */
    private static final int STEP_BYTES = 64 * 1024;

    private final AsyncContext later;
    private final ServletOutputStream out;
    private final byte[][] parts;
    private int part;
    private int offset;

    private AnswerWriter(AsyncContext later, ServletOutputStream out, Answer answer) {
        this.later = later;
        this.out = out;
        this.parts = new byte[][] {answer.head(), answer.shared(), answer.tail()};
    }

    /** Answers a request that is not asynchronous yet. */
    static void write(Answer answer, HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (answer.length() > SHORT_BYTES_MAX) {
            writeLater(answer, request.startAsync(request, response));
        } else {
            start(answer, response);
            writeShort(answer, response.getOutputStream());
        }
    }

    /** Answers at once, whatever the request is still to bring. Only for short answers. */
    static void writeAhead(Answer answer, HttpServletResponse response) throws IOException {
        start(answer, response);
        writeShort(answer, response.getOutputStream());
        response.flushBuffer();
    }

    /** Answers an asynchronous request and completes it. */
    static void writeLater(Answer answer, AsyncContext later) {
        HttpServletResponse response = (HttpServletResponse) later.getResponse();
        try {
            start(answer, response);
            ServletOutputStream out = response.getOutputStream();
            if (answer.length() > SHORT_BYTES_MAX) {
                // A caller that takes nothing for the connection's time-out is given up; there is no other bound.
                later.setTimeout(0);
                out.setWriteListener(new AnswerWriter(later, out, answer));
                return;
            }
            writeShort(answer, out);
        } catch (IOException e) {
            log.debug("answer not taken", e);
        }
        later.complete();
    }

    @Override
    public void onWritePossible() throws IOException {
        while (out.isReady()) {
            while (part < parts.length && offset == parts[part].length) {
                part++;
                offset = 0;
            }
            if (part == parts.length) {
                later.complete();
                return;
            }
            int count = Math.min(STEP_BYTES, parts[part].length - offset);
            out.write(parts[part], offset, count);
            offset += count;
        }
    }

    @Override
    public void onError(Throwable problem) {
        log.debug("answer not taken", problem);
        later.complete();
    }

    private static void start(Answer answer, HttpServletResponse response) {
        response.setStatus(answer.status());
        if (answer.contentType() != null) {
            response.setContentType(answer.contentType());
        }
        if (answer.noCache()) {
            response.setHeader("Pragma", "no-cache");
            response.setHeader("Cache-Control", "no-cache,no-store");
        }
        if (answer.authorization() != null) {
            response.setHeader("Authorization", answer.authorization());
        }
        response.setContentLength(answer.length());
    }

    private static void writeShort(Answer answer, OutputStream out) throws IOException {
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
