package io.registry.distro.sim;

import io.registry.distro.DistroChange;
import io.registry.distro.message.DistroMessage;
import io.registry.distro.message.RecordUpdate;
import io.registry.distro.model.DistroRecord;
import io.registry.distro.model.Stamp;
import io.registry.distro.model.StampClock;
import io.registry.distro.testkit.Parts;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What happens, in few words, for those who read a trace. Text is made only when it is read. */
final class Shown {

    private Shown() {}

    static Object of(DistroChange<String, Parts> change) {
        return new Object() {
            @Override
            public String toString() {
                return change.client() + " " + change.cause() + ": " + text(change.before()) + " -> "
                        + text(change.after());
            }
        };
    }

    static Object of(DistroMessage<String, Parts> message) {
        return new Object() {
            @Override
            public String toString() {
                if (message instanceof DistroMessage.Sync<String, Parts> sync) {
                    return from(message) + "sync " + sync.sequence() + text(sync.updates());
                }
                if (message instanceof DistroMessage.BucketSync<String, Parts> sync) {
                    StringBuilder parts = new StringBuilder();
                    for (DistroMessage.BucketPart<String, Parts> part : sync.parts()) {
                        parts.append(" bucket ").append(part.bucket());
                        parts.append(" (")
                                .append(part.index() + 1)
                                .append('/')
                                .append(part.count())
                                .append(')');
                        parts.append(text(part.updates()));
                    }
                    return from(message) + "buckets " + sync.sequence() + parts;
                }
                return from(message) + message;
            }
        };
    }

    private static String from(DistroMessage<String, Parts> message) {
        return "from " + message.sender() + "/" + message.incarnation() + " ";
    }

    private static String text(List<RecordUpdate<String, Parts>> updates) {
        StringBuilder text = new StringBuilder();
        for (RecordUpdate<String, Parts> update : updates) {
            text.append(" [").append(update.client()).append(' ');
            if (update instanceof RecordUpdate.Whole<String, Parts> whole) {
                text.append(text(whole.record()));
            } else if (update instanceof RecordUpdate.Piece<String, Parts> piece) {
                Stamp base = piece.base();
                text.append("piece ").append(piece.index() + 1).append('/').append(piece.count());
                text.append(base == null ? "" : " on " + text(base)).append(' ').append(text(piece.stamp()));
                text.append(' ').append(piece.puts()).append(" -").append(piece.removed());
            } else {
                text.append("mention ").append(text(update.stamp()));
            }
            text.append(']');
        }
        return text.toString();
    }

    private static String text(@Nullable DistroRecord<Parts> record) {
        if (record == null) {
            return "nothing";
        }
        return record.cause() + " of " + record.owner() + "/" + record.ownerIncarnation() + " " + text(record.stamp())
                + " " + record.data();
    }

    private static String text(Stamp stamp) {
        return time(stamp.told()) + "/" + time(stamp.heard()) + "/" + stamp.lapse() + "@" + stamp.writer();
    }

    /** Seconds of the hybrid clock within the day, and the counter. */
    private static String time(long hybrid) {
        return hybrid == 0 ? "0" : StampClock.millisOf(hybrid) % 86_400_000 / 1000.0 + "+" + (hybrid & 0xFFFF);
    }
}
