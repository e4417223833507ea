package io.registry.server.peer.grpc;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.registry.server.peer.line.IncomingLine;
import io.registry.server.peer.line.Line;
import io.registry.server.sockets.AcceptedSockets;
import org.jspecify.annotations.Nullable;

/** A stream that another node has opened. */
final class GrpcIncomingLine extends ServerCall.Listener<byte[]> implements IncomingLine {

    private final ServerCall<byte[], byte[]> call;
    private final GrpcPort.@Nullable Caller caller;
    private final AcceptedSockets sockets;
    private Line.@Nullable Listener listener;
    private boolean over;

    GrpcIncomingLine(ServerCall<byte[], byte[]> call, GrpcPort.@Nullable Caller caller, AcceptedSockets sockets) {
        this.call = call;
        this.caller = caller;
        this.sockets = sockets;
    }

    /** Answers the call, and says who hears it. */
    void start(Line.Listener hearing) {
        listener = hearing;
        call.sendHeaders(new Metadata());
        call.request(1);
    }

    @Override
    public void send(byte[] frame) {
        if (!over) {
            call.sendMessage(frame);
        }
    }

    @Override
    public boolean isReady() {
        return !over && call.isReady();
    }

    @Override
    public void next() {
        if (!over) {
            call.request(1);
        }
    }

    @Override
    public void admitted() {
        if (caller != null) {
            caller.admitted = true;
        }
    }

    @Override
    public void end(End end, String cause) {
        if (!over) {
            over = true;
            call.close(status(end).withDescription(cause), new Metadata());
        }
        if (caller == null) {
            return;
        }
        // A stranger is told why it is refused, and has its time to hear that and go.
        if (end == End.OVER || end == End.REFUSED && caller.admitted) {
            caller.admitted = false;
            sockets.close(caller.remote);
        }
    }

    private static Status status(End end) {
        return switch (end) {
            case STOPPING -> Status.UNAVAILABLE;
            case OVER -> Status.ABORTED;
            case REFUSED -> Status.PERMISSION_DENIED;
        };
    }

    @Override
    public String remote() {
        return caller == null ? "unknown" : caller.remote.toString();
    }

    @Override
    public void onMessage(byte[] message) {
        if (!over && listener != null) {
            listener.frame(message);
        }
    }

    @Override
    public void onReady() {
        if (!over && listener != null) {
            listener.ready();
        }
    }

    @Override
    public void onHalfClose() {
        if (!over) {
            call.close(Status.OK, new Metadata());
            gone("ended by the peer");
        }
    }

    @Override
    public void onCancel() {
        gone("broken off");
    }

    @Override
    public void onComplete() {
        gone("complete");
    }

    private void gone(String cause) {
        if (!over) {
            over = true;
            if (listener != null) {
                listener.ended(cause);
            }
        }
    }
}
