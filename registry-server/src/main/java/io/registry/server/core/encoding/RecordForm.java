package io.registry.server.core.encoding;

import io.registry.distro.model.BucketSums;
import io.registry.distro.model.Buckets;
import io.registry.distro.model.ClientId;
import io.registry.distro.model.NodeId;
import io.registry.distro.model.Stamp;
import io.registry.server.core.cluster.ServiceRecords;

/** What members tell each other of the records that say something about a service. */
final class RecordForm {

    private static final Form<Stamp> STAMP = new Form<>(
            "Stamp",
            (out, stamp) -> {
                out.number(1, stamp.told());
                out.number(2, stamp.heard());
                out.number(3, stamp.lapse());
                out.text(4, stamp.writer().value());
                out.number(5, stamp.writerIncarnation());
            },
            in -> new Stamp(in.number(1), in.number(2), in.whole(3), new NodeId(id(in.text(4))), in.number(5)));

    private static final Form<ServiceRecords.Entry> ENTRY = new Form<>(
            "Record",
            (out, entry) -> {
                out.text(1, entry.client().value());
                out.text(2, entry.owner().value());
                out.number(3, entry.ownerIncarnation());
                out.message(4, STAMP, entry.stamp());
                out.fixed(5, entry.sum());
                out.number(6, entry.instances());
                out.truth(7, entry.orphan());
            },
            in -> new ServiceRecords.Entry(
                    new ClientId(id(in.text(1))),
                    new NodeId(id(in.text(2))),
                    in.number(3),
                    in.message(4, STAMP),
                    in.fixed(5),
                    in.whole(6),
                    in.truth(7)));

    static final Form<ServiceRecords> SERVICE_RECORDS = new Form<>(
            "ServiceRecords",
            (out, records) -> {
                out.allFixed(1, records.sums().toArray());
                out.number(2, records.count());
                out.number(3, records.orphans());
                out.truth(4, records.hidden());
                out.messages(5, ENTRY, records.entries());
            },
            in -> new ServiceRecords(
                    sums(in.allFixed(1)), in.whole(2), in.whole(3), in.truth(4), in.messages(5, ENTRY)));

    private RecordForm() {}

    /** Returns the set of buckets that words describe. */
    static Buckets buckets(long[] words) {
        try {
            return Buckets.ofWords(words);
        } catch (IllegalArgumentException e) {
            throw new UnknownFormException(String.valueOf(e.getMessage()));
        }
    }

    private static BucketSums sums(long[] sums) {
        try {
            return BucketSums.of(sums);
        } catch (IllegalArgumentException e) {
            throw new UnknownFormException(String.valueOf(e.getMessage()));
        }
    }

    private static String id(String text) {
        if (text.isEmpty()) {
            throw new UnknownFormException("id: empty (expected: of a client or a node)");
        }
        return text;
    }
}
