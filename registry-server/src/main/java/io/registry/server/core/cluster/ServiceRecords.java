package io.registry.server.core.cluster;

import io.registry.api.error.ErrorCode;
import io.registry.api.error.RegistryException;
import io.registry.api.model.ServiceKey;
import io.registry.distro.model.BucketSums;
import io.registry.distro.model.Buckets;
import io.registry.distro.model.ClientId;
import io.registry.distro.model.DistroRecord;
import io.registry.distro.model.NodeId;
import io.registry.distro.model.Stamp;
import io.registry.distro.model.Sum;
import io.registry.server.core.client.ClientData;
import io.registry.server.core.client.Publication;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;

/**
 * What a node has of one service, record by record, in so few bytes that nodes can find what differs between them: a sum
 * for each bucket, and of the buckets that are asked for the records themselves.
 *
 * @param sums of all that a record is told apart by, and of what it says about the service; equal for equal records
 * @param count how many records there are
 * @param orphans how many records nobody speaks for
 * @param hidden whether the service is persistent here, so that nobody is shown any of them
 * @param entries the records of the buckets that were asked for, in the order of their clients
 */
public record ServiceRecords(BucketSums sums, int count, int orphans, boolean hidden, List<Entry> entries) {

    /** So many records are told at once, some hundred bytes each; who asks for more has to ask for fewer buckets. */
    public static final int ENTRIES_MAX = 20_000;

    /** Keeps the entries as they are now. */
    public ServiceRecords {
        entries = List.copyOf(entries);
    }

    /**
     * One client that publishes in the service.
     *
     * @param owner the node that may write its record
     * @param ownerIncarnation the life of that node
     * @param stamp when it was written
     * @param sum of what it says about the service
     * @param instances how many instances it publishes there
     * @param orphan whether nobody speaks for it
     */
    public record Entry(
            ClientId client,
            NodeId owner,
            long ownerIncarnation,
            Stamp stamp,
            long sum,
            int instances,
            boolean orphan) {

        /** Returns whether another node has the same. */
        public boolean isSame(Entry other) {
            return stamp.equals(other.stamp)
                    && sum == other.sum
                    && owner.equals(other.owner)
                    && ownerIncarnation == other.ownerIncarnation;
        }

        private long total() {
            long total = Sum.of(Sum.of(client.value()), Sum.of(owner.value()));
            total = Sum.of(total, ownerIncarnation);
            total = Sum.of(total, stamp.told());
            total = Sum.of(total, stamp.heard());
            total = Sum.of(total, stamp.lapse());
            total = Sum.of(total, Sum.of(stamp.writer().value()));
            total = Sum.of(total, stamp.writerIncarnation());
            return Sum.of(total, sum);
        }
    }

    /**
     * Returns what there is of a service. Costs as much as the service has bytes.
     *
     * @param records those that say something about the service, in any order
     * @param orphan whether nobody speaks for a client
     * @param wanted the buckets whose records are told
     * @throws RegistryException {@code OVER_LIMIT} where these are too many
     */
    public static ServiceRecords of(
            ServiceKey service,
            boolean hidden,
            List<DistroRecord<ClientData>> records,
            Predicate<ClientId> orphan,
            Buckets wanted) {
        long[] sums = new long[Buckets.COUNT];
        int count = 0;
        int orphans = 0;
        List<Entry> entries = new ArrayList<>();
        for (DistroRecord<ClientData> record : records) {
            ClientData data = record.data();
            Publication said = data == null ? null : data.about(service);
            if (said == null) {
                continue;
            }
            Entry entry = new Entry(
                    record.client(),
                    record.owner(),
                    record.ownerIncarnation(),
                    record.stamp(),
                    said.sum(),
                    said.size(),
                    orphan.test(record.client()));
            int bucket = Buckets.of(record.client());
            sums[bucket] += entry.total();
            count++;
            orphans += entry.orphan() ? 1 : 0;
            if (wanted.has(bucket)) {
                entries.add(entry);
            }
        }
        if (entries.size() > ENTRIES_MAX) {
            throw new RegistryException(
                    ErrorCode.OVER_LIMIT,
                    "records of " + wanted + ": " + entries.size() + " (expected: at most " + ENTRIES_MAX + ")");
        }
        entries.sort(Comparator.comparing(Entry::client));
        return new ServiceRecords(BucketSums.of(sums), count, orphans, hidden, entries);
    }
}
