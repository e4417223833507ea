package io.registry.distro.sim;

import io.registry.distro.DistroChange;
import io.registry.distro.message.DistroMessage;
import io.registry.distro.message.RecordUpdate;
import io.registry.distro.model.DistroRecord;
import io.registry.distro.model.Stamp;
import io.registry.distro.model.Sum;
import io.registry.distro.testkit.Parts;
import java.util.List;

/** Sums of what happens, for the trace: the same in every process, and quick. */
final class MessageSums {

    private MessageSums() {}

    static long of(DistroMessage<String, Parts> message) {
        Summing summing = new Summing(
                Sum.of(message.incarnation(), message.sender().value().hashCode()));
        message.to(summing);
        return summing.sum;
    }

    static long of(DistroChange<String, Parts> change) {
        DistroRecord<Parts> after = change.after();
        long sum = Sum.of(change.client().value().hashCode(), change.keys().size());
        return after == null ? sum : Sum.of(sum, of(after));
    }

    private static long of(DistroRecord<Parts> record) {
        Parts data = record.data();
        return Sum.of(of(record.stamp()), data == null ? 0 : data.sum());
    }

    private static long of(Stamp stamp) {
        return Sum.of(Sum.of(stamp.told(), stamp.heard()), stamp.lapse());
    }

    private static long of(List<RecordUpdate<String, Parts>> updates) {
        long sum = 0;
        for (RecordUpdate<String, Parts> update : updates) {
            sum = Sum.of(sum, Sum.of(update.client().value().hashCode(), of(update.stamp())));
        }
        return sum;
    }

    private static final class Summing implements DistroMessage.Handler<String, Parts> {
        private long sum;

        Summing(long sum) {
            this.sum = sum;
        }

        @Override
        public void digest(DistroMessage.Digest<String, Parts> digest) {
            add(1, digest.clock());
        }

        @Override
        public void resync(DistroMessage.Resync<String, Parts> resync) {
            add(2, resync.buckets().size());
        }

        @Override
        public void bucketSync(DistroMessage.BucketSync<String, Parts> sync) {
            add(3, sync.sequence());
            sync.parts().forEach(part -> {
                add(part.bucket(), of(part.updates()));
                part.orphans().forEach(orphan -> add(part.bucket(), orphan.leftMillis()));
            });
        }

        @Override
        public void sync(DistroMessage.Sync<String, Parts> sync) {
            add(4, sync.sequence());
            add(4, of(sync.updates()));
        }

        @Override
        public void syncAck(DistroMessage.SyncAck<String, Parts> ack) {
            add(5, ack.sequence());
            add(5, ack.wants().size());
        }

        private void add(long kind, long detail) {
            sum = Sum.of(sum, Sum.of(kind, detail));
        }
    }
}
