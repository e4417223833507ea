package io.registry.server.peer.http;

import io.registry.server.peer.line.Line;
import io.registry.server.peer.line.OutgoingLine;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A line that this node has opened: one connection on which it says what there is to say, a body of frames at a time, and
 * one on which it waits for what is said to it.
 *
 * <p><b>Threading</b>: on the thread of the port.
 */
final class HttpOutgoingLine implements OutgoingLine {

    private static final byte[] NOTHING = {};

    private final HttpTarget target;
    private final Line.Listener listener;
    private final HttpConnection says;
    private final HttpConnection listens;
    private final FrameQueue saying = new FrameQueue();
    private final HeardFrames heard = new HeardFrames();

    /** The name that the other side has given it; null until it has. */
    private @Nullable String stream;

    private long sayNumber;
    private long listenNumber;
    private boolean underWay;
    private boolean flushing;
    private boolean finishing;
    private boolean finished;
    private boolean listening;
    private boolean over;

    HttpOutgoingLine(HttpTarget target, Line.Listener listener) {
        this.target = target;
        this.listener = listener;
        this.says = new HttpConnection(target);
        this.listens = new HttpConnection(target);
    }

    @Override
    public void send(byte[] frame) {
        if (!over) {
            saying.add(frame);
            flushLater();
        }
    }

    /** What is sent in one go travels in one body. */
    private void flushLater() {
        if (!flushing) {
            flushing = true;
            target.thread().execute(() -> {
                flushing = false;
                flush();
            });
        }
    }

    private void flush() {
        if (over || underWay || finished || saying.isEmpty() && !finishing) {
            return;
        }
        byte[] body = saying.takeBody();
        finished = finishing && saying.isEmpty();
        sayNumber++;
        say(body);
    }

    private void say(byte[] body) {
        underWay = true;
        Map<String, String> headers = headers(DatumWire.SAY, sayNumber);
        if (finished) {
            headers.put(DatumWire.LAST, DatumWire.TRUE);
        }
        // Who is asked twice to open a line opens two.
        says.ask(new HttpConnection.Request(headers, body, DatumWire.SAY_WITHIN, stream != null), new Ending() {
            @Override
            public void answered(HttpAnswer answer) {
                said(answer);
            }
        });
    }

    private Map<String, String> headers(String kind, long number) {
        Map<String, String> headers = new LinkedHashMap<>();
        if (stream != null) {
            headers.put(DatumWire.STREAM, stream);
        }
        headers.put(kind, Long.toString(number));
        return headers;
    }

    private void said(HttpAnswer answer) {
        if (stream == null && answer.status() / 100 == 2) {
            String name = answer.stream();
            if (name == null || !DatumWire.isStream(name)) {
                end(DatumWire.STREAM + ": none in the answer of the peer");
                return;
            }
            stream = name;
            listen();
        }
        if (answer.status() == DatumWire.ARRIVED) {
            say(NOTHING);
        } else if (answer.status() != DatumWire.TAKEN) {
            end(answer.cause());
        } else if (answer.last()) {
            end("ended by the peer");
        } else {
            underWay = false;
            flush();
            if (!over && saying.isReady()) {
                listener.ready();
            }
        }
    }

    private void listen() {
        listening = true;
        listenNumber++;
        listens.ask(
                new HttpConnection.Request(
                        headers(DatumWire.LISTEN, listenNumber), NOTHING, DatumWire.LISTEN_WITHIN, true),
                new Ending() {
                    @Override
                    public void answered(HttpAnswer answer) {
                        listened(answer);
                    }
                });
    }

    private void listened(HttpAnswer answer) {
        listening = false;
        if (answer.status() != DatumWire.TAKEN) {
            end(answer.cause());
            return;
        }
        try {
            heard.addAll(FrameQueue.read(answer.body()));
        } catch (FrameQueue.MalformedBodyException e) {
            end("answer of the peer: " + e.getMessage());
            return;
        }
        deliver();
        if (!over && answer.last()) {
            end("ended by the peer");
        }
    }

    /** Gives the listener what it wants, and listens again when it has had everything. */
    private void deliver() {
        if (heard.deliver(listener) && !over && !listening && stream != null && heard.areTaken()) {
            listen();
        }
    }

    @Override
    public boolean isReady() {
        return !over && !finishing && saying.isReady();
    }

    @Override
    public void next() {
        if (!over) {
            heard.want();
            deliver();
        }
    }

    @Override
    public void finish() {
        if (!over) {
            finishing = true;
            flushLater();
        }
    }

    @Override
    public void close() {
        over = true;
        says.close();
        listens.close();
        saying.clear();
        heard.clear();
    }

    private void end(String cause) {
        if (!over) {
            close();
            listener.ended(cause);
        }
    }

    /** A request that fails ends the line. */
    private abstract class Ending implements HttpConnection.Reply {
        @Override
        public void failed(String cause) {
            end(cause);
        }
    }
}
