package io.registry.server.grpc;

import io.registry.proto.codec.Pushes;
import io.registry.proto.envelope.OutboundEnvelope;
import io.registry.server.core.push.Push;
import io.registry.server.core.push.Pusher;
import io.registry.server.grpc.call.ServiceParts;
import java.util.concurrent.atomic.LongAdder;

/**
 * The way to one subscriber on a stream. The bytes of the instances are those that all subscribers share.
 *
 * <p><b>Threading</b>: as {@link Pusher}; the stream's own section orders what others write to it.
 */
final class GrpcPusher implements Pusher {

    private final StreamWriter stream;
    private final Pushes pushes;
    private final LongAdder sent;

    GrpcPusher(StreamWriter stream, Pushes pushes, LongAdder sent) {
        this.stream = stream;
        this.pushes = pushes;
        this.sent = sent;
    }

    @Override
    public boolean isReady() {
        return stream.isReady();
    }

    @Override
    public boolean acknowledges() {
        return true;
    }

    @Override
    public void send(Push push) {
        sent.increment();
        stream.write(encode(push));
    }

    @Override
    public void whenWritten(Runnable task) {
        stream.whenWritten(task);
    }

    private OutboundEnvelope encode(Push push) {
        String id = Long.toString(push.id());
        if (push instanceof Push.Service service) {
            ServiceParts parts = ServiceParts.of(service.answer());
            return pushes.notifySubscriber(id, parts.head(), parts.hosts(), parts.tail());
        }
        if (push instanceof Push.FuzzySync sync) {
            return pushes.fuzzyWatchSync(
                    id,
                    Pushes.SyncType.valueOf(sync.type()),
                    sync.pattern(),
                    sync.services(),
                    sync.total(),
                    sync.current());
        }
        if (push instanceof Push.FuzzyChange change) {
            Pushes.ServiceChange what =
                    change.added() ? Pushes.ServiceChange.ADD_SERVICE : Pushes.ServiceChange.DELETE_SERVICE;
            return pushes.fuzzyWatchChange(id, change.service(), what);
        }
        throw new IllegalArgumentException("push: " + push);
    }
}
