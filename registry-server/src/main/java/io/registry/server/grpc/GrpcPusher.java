package io.registry.server.grpc;

import io.registry.proto.codec.Pushes;
import io.registry.proto.envelope.OutboundEnvelope;
import io.registry.server.core.push.Push;
import io.registry.server.core.push.Pusher;
import io.registry.server.core.service.ServicePayload;
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
    private final boolean changes;

    /**
     * Makes the way.
     *
     * @param changes whether the subscriber understands what has changed, in place of the whole
     */
    GrpcPusher(StreamWriter stream, Pushes pushes, LongAdder sent, boolean changes) {
        this.stream = stream;
        this.pushes = pushes;
        this.sent = sent;
        this.changes = changes;
    }

    @Override
    public boolean takesChanges() {
        return changes;
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
            if (changes) {
                ServicePayload payload = service.answer().payload();
                return pushes.notifySubscriber(
                        id, payload.revision(), payload.emptyOnPurpose(), parts.head(), parts.hosts(), parts.tail());
            }
            return pushes.notifySubscriber(id, parts.head(), parts.hosts(), parts.tail());
        }
        if (push instanceof Push.Change change) {
            ServiceParts parts = ServiceParts.of(change.answer());
            return pushes.notifyChange(
                    id,
                    change.delta().from(),
                    change.answer().payload().revision(),
                    change.delta().edits(),
                    parts.head(),
                    parts.hosts(),
                    parts.tail());
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
