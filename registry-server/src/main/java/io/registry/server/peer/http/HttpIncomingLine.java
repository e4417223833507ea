package io.registry.server.peer.http;

import io.registry.server.peer.line.IncomingLine;
import io.registry.server.peer.line.Line;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A line that another node has opened with its first request.
 *
 * <p>What it says is answered when it has been taken, and what it asks for when there is something to say to it: at most
 * one request of each kind waits here. A request with the number of the last one is that one again, as its answer got
 * lost on the way, and has no other effect than to be answered again. Connections overtake one another: the copy that was
 * sent last is the one that somebody waits for.
 *
 * <p><b>Threading</b>: on the thread of the port, but for {@link #isAdmitted}.
 */
final class HttpIncomingLine implements IncomingLine {

    private static final byte[] NOTHING = {};
    private static final Duration TICK = Duration.ofSeconds(1);

    private final String name;
    private final String remote;
    private final HttpPort port;
    private final Duration handshake;
    private final HeardFrames heard = new HeardFrames();
    private final FrameQueue saying = new FrameQueue();
    private Line.@Nullable Listener listener;
    private volatile boolean admitted;
    private boolean over;
    private boolean lastHeard;
    private boolean heldUp;
    private int strangerBytes;
    private int ticksSilent;

    private long sayNumber;
    private @Nullable Exchange say;
    private long sayRepeats;
    private int sayTicks;

    private long listenNumber;
    private @Nullable Exchange listen;
    private long listenRepeats;
    private int listenTicks;
    private byte[] listenAnswer = NOTHING;

    HttpIncomingLine(String name, String remote, HttpPort port, Duration handshake) {
        this.name = name;
        this.remote = remote;
        this.port = port;
        this.handshake = handshake;
    }

    /** Begins with the request that opens it. */
    void start(Line.Listener hearing, Exchange opening) {
        listener = hearing;
        var unused = port.thread().after(handshake, () -> {
            if (!admitted && !over) {
                port.refused();
                breakOff(End.REFUSED, "no handshake within " + handshake.toMillis() + " ms");
            }
        });
        tickLater();
        take(opening);
    }

    /** Returns whether the caller has proved itself. */
    boolean isAdmitted() {
        return admitted;
    }

    /** Takes a request of this line. */
    void take(Exchange exchange) {
        DatumRequest asked = exchange.asked();
        ticksSilent = 0;
        if (over) {
            exchange.refuse(HttpServletResponse.SC_GONE, "the stream has ended");
            return;
        }
        if (!admitted) {
            strangerBytes += exchange.body().length;
            if (strangerBytes > HttpPort.STRANGER_BYTES_MAX) {
                port.refused();
                exchange.refuse(HttpServletResponse.SC_REQUEST_ENTITY_TOO_LARGE, "handshake: too long");
                breakOff(End.REFUSED, "handshake: more than " + HttpPort.STRANGER_BYTES_MAX + " bytes");
                return;
            }
        }
        if (asked.says()) {
            said(exchange, asked);
        } else {
            listened(exchange, asked);
        }
    }

    private void said(Exchange exchange, DatumRequest asked) {
        if (asked.number() == sayNumber) {
            if (asked.repeats() < sayRepeats) {
                comeAgain(exchange);
                return;
            }
            comeAgain(say);
        } else if (asked.number() == sayNumber + 1 && heard.areTaken()) {
            try {
                heard.addAll(FrameQueue.read(exchange.body()));
            } catch (FrameQueue.MalformedBodyException e) {
                exchange.refuse(HttpServletResponse.SC_BAD_REQUEST, String.valueOf(e.getMessage()));
                port.refused();
                breakOff(End.REFUSED, String.valueOf(e.getMessage()));
                return;
            }
            sayNumber = asked.number();
            lastHeard = asked.last();
        } else {
            outOfOrder(exchange, DatumWire.SAY, sayNumber);
            return;
        }
        say = exchange;
        sayRepeats = asked.repeats();
        sayTicks = 0;
        deliver();
    }

    private void listened(Exchange exchange, DatumRequest asked) {
        long number = asked.number();
        if (number == listenNumber) {
            if (asked.repeats() < listenRepeats) {
                comeAgain(exchange);
                return;
            }
            listenRepeats = asked.repeats();
            if (listen == null) {
                exchange.answer(DatumWire.TAKEN, null, false, listenAnswer);
                return;
            }
            comeAgain(listen);
        } else if (number == listenNumber + 1 && listen == null) {
            listenNumber = number;
            listenRepeats = asked.repeats();
            listenAnswer = NOTHING;
        } else {
            outOfOrder(exchange, DatumWire.LISTEN, listenNumber);
            return;
        }
        listen = exchange;
        listenTicks = 0;
        say();
    }

    /** Refuses a copy of a request of which there is a later one. */
    private static void comeAgain(@Nullable Exchange earlier) {
        if (earlier != null) {
            earlier.refuse(HttpServletResponse.SC_CONFLICT, "the same request has come again");
        }
    }

    private static void outOfOrder(Exchange exchange, String header, long last) {
        exchange.refuse(
                HttpServletResponse.SC_CONFLICT,
                header + ": " + exchange.asked().number() + " (expected: " + (last + 1)
                        + ", when the one before is answered)");
    }

    /** Gives the listener what it wants; when it has had everything, the request that brought it is answered. */
    private void deliver() {
        Line.Listener to = listener;
        if (to == null || !heard.deliver(to) || over || !heard.areTaken()) {
            return;
        }
        if (say != null) {
            say.answer(DatumWire.TAKEN, name, lastHeard, NOTHING);
            say = null;
        }
        if (lastHeard) {
            finished(to);
        }
    }

    private void finished(Line.Listener to) {
        if (listen != null) {
            listen.answer(DatumWire.TAKEN, null, true, saying.takeBody());
        }
        forget();
        to.ended("ended by the peer");
    }

    @Override
    public void send(byte[] frame) {
        if (!over) {
            saying.add(frame);
            say();
        }
    }

    private void say() {
        Exchange waiting = listen;
        if (waiting == null || saying.isEmpty()) {
            return;
        }
        listen = null;
        listenAnswer = saying.takeBody();
        waiting.answer(DatumWire.TAKEN, null, false, listenAnswer);
        if (heldUp && saying.isReady() && listener != null) {
            heldUp = false;
            // Not in the midst of a call of the listener's.
            Line.Listener to = listener;
            port.thread().execute(() -> {
                if (!over) {
                    to.ready();
                }
            });
        }
    }

    @Override
    public boolean isReady() {
        heldUp = !saying.isReady();
        return !over && !heldUp;
    }

    @Override
    public void next() {
        if (!over) {
            heard.want();
            deliver();
        }
    }

    @Override
    public void admitted() {
        if (!admitted) {
            admitted = true;
            port.known();
        }
    }

    @Override
    public String remote() {
        return remote;
    }

    /** Ends the line, and tells the listener too. */
    void breakOff(End end, String cause) {
        if (!over) {
            end(end, cause);
            if (listener != null) {
                listener.ended(cause);
            }
        }
    }

    @Override
    public void end(End end, String cause) {
        if (over) {
            return;
        }
        int status = switch (end) {
            case STOPPING -> HttpServletResponse.SC_SERVICE_UNAVAILABLE;
            case OVER -> HttpServletResponse.SC_GONE;
            case REFUSED -> HttpServletResponse.SC_FORBIDDEN;
        };
        if (say != null) {
            say.refuse(status, cause);
        }
        if (listen != null) {
            listen.refuse(status, cause);
        }
        forget();
    }

    private void forget() {
        over = true;
        say = null;
        listen = null;
        listenAnswer = NOTHING;
        heard.clear();
        saying.clear();
        port.forget(name);
        if (!admitted) {
            port.known();
        }
    }

    private void tickLater() {
        var unused = port.thread().after(TICK, this::tick);
    }

    /** Answers what has waited for long, and gives up a caller that comes no more. */
    private void tick() {
        if (over) {
            return;
        }
        ticksSilent++;
        if (ticksSilent > DatumWire.SILENCE.toSeconds()) {
            breakOff(End.OVER, "no request within " + DatumWire.SILENCE.toMillis() + " ms");
            return;
        }
        sayTicks++;
        if (say != null && sayTicks > DatumWire.HOLD.toSeconds()) {
            say.answer(DatumWire.ARRIVED, name, false, NOTHING);
            say = null;
        }
        listenTicks++;
        if (listen != null && listenTicks > DatumWire.HOLD.toSeconds()) {
            listen.answer(DatumWire.TAKEN, null, false, NOTHING);
            listen = null;
        }
        tickLater();
    }
}
