package io.registry.server.http;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Gathers a body that arrives later than its headers, without holding a thread.
 *
 * <p><b>Threading</b>: the container brings one event at a time.
 */
final class BodyGathering implements ReadListener, AsyncListener {

    /** How long a body may take to arrive: a caller that drips it holds a connection for no longer. */
    private static final Duration TIME_MAX = Duration.ofSeconds(10);

    private static final byte[] NOTHING = new byte[0];

    private final ServletInputStream in;
    private final FormBody body;
    private final End end;
    private boolean ended;

    private BodyGathering(ServletInputStream in, FormBody body, End end) {
        this.in = in;
        this.body = body;
        this.end = end;
    }

    /**
     * Begins to read.
     *
     * @param end is told once, with the whole body or with what went wrong
     */
    static void begin(AsyncContext later, ServletInputStream in, FormBody body, End end) {
        BodyGathering gathering = new BodyGathering(in, body, end);
        later.setTimeout(TIME_MAX.toMillis());
        later.addListener(gathering);
        in.setReadListener(gathering);
    }

    @Override
    public void onDataAvailable() {
        try {
            boolean whole = false;
            while (!ended && !whole && in.isReady()) {
                // Where this is the end the container says so next; what is answered before gets lost.
                whole = body.read(in);
            }
        } catch (IOException e) {
            end(e);
        }
    }

    @Override
    public void onAllDataRead() {
        end(null);
    }

    @Override
    public void onError(Throwable problem) {
        end(problem);
    }

    @Override
    public void onTimeout(AsyncEvent event) {
        end(new TooSlow());
    }

    @Override
    public void onError(AsyncEvent event) {
        end(event.getThrowable());
    }

    @Override
    public void onComplete(AsyncEvent event) {
        // Said before, whatever the end was.
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
        // Nothing starts again.
    }

    private void end(@Nullable Throwable problem) {
        if (ended) {
            return;
        }
        ended = true;
        Throwable reason = problem == null && body.isTooLarge() ? new FormBody.TooLarge() : problem;
        byte[] bytes = reason == null ? body.bytes() : NOTHING;
        body.release();
        end.ended(bytes, reason);
    }

    /** What is told of the end. */
    interface End {

        /**
         * The body has come, or will not come.
         *
         * @param body the whole body; empty where there is a problem
         * @param problem why it will not come; null where it came
         */
        void ended(byte[] body, @Nullable Throwable problem);
    }

    /** The body takes longer than is waited. */
    static final class TooSlow extends IOException {
        private static final long serialVersionUID = 1L;
    }
}
