package io.registry.server.core.operate;

import io.registry.distro.model.Buckets;
import io.registry.distro.model.ClientId;
import io.registry.distro.model.NodeId;
import io.registry.server.core.cluster.ClusterMember;
import io.registry.server.core.cluster.ServiceRecords;
import io.registry.server.core.cluster.ServiceRecords.Entry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the members have of one service, record by record, and in what they differ.
 *
 * @param members what each member has told, in the order of their ids, the one that was asked among them
 * @param differing the buckets in which those that have told something differ
 * @param looked those of them that were looked at record by record; the rest were too many
 * @param differences the clients in these of which not all have the same, in order
 */
public record ServiceVerification(List<Told> members, Buckets differing, Buckets looked, List<Difference> differences) {

    /** Keeps the lists as they are now. */
    public ServiceVerification {
        members = List.copyOf(members);
        differences = List.copyOf(differences);
    }

    /**
     * What a member has told.
     *
     * @param records what it has; null where it could not be asked, or has not answered
     * @param problem why there is nothing; empty where there is
     */
    public record Told(ClusterMember member, @Nullable ServiceRecords records, String problem) {}

    /** What a member has of a client, beside the record that counts. */
    public enum Has {
        /** The record that counts. */
        NEWEST,
        /** An older one. */
        OLDER,
        /** One of the same write with other content, or of another owner: one of the two is damaged. */
        OTHER,
        /** None. */
        NOTHING
    }

    /**
     * A client of which not all have the same.
     *
     * @param newest the record that counts: the one with the greatest stamp; of equal ones the owner's
     * @param members what each member has that has told something
     */
    public record Difference(Entry newest, Map<NodeId, Has> members) {}

    /** Returns whether all members have told what they have, and have the same. */
    public boolean isEqual() {
        return differing.isEmpty() && members.stream().allMatch(told -> told.records() != null);
    }

    /** Compares what members have told, sums and, in some buckets, records. */
    static ServiceVerification of(List<Told> members, Buckets looked) {
        Map<ClientId, Map<NodeId, Entry>> byClient = new TreeMap<>();
        List<NodeId> told = new ArrayList<>();
        for (Told each : members) {
            ServiceRecords records = each.records();
            if (records != null) {
                NodeId node = each.member().id();
                told.add(node);
                records.entries()
                        .forEach(entry -> byClient.computeIfAbsent(entry.client(), c -> new LinkedHashMap<>())
                                .put(node, entry));
            }
        }
        List<Difference> differences = new ArrayList<>();
        byClient.values().forEach(entries -> {
            Difference difference = difference(told, entries);
            if (difference != null) {
                differences.add(difference);
            }
        });
        return new ServiceVerification(members, differing(members), looked, differences);
    }

    private static @Nullable Difference difference(List<NodeId> told, Map<NodeId, Entry> entries) {
        Entry newest = null;
        for (Map.Entry<NodeId, Entry> each : entries.entrySet()) {
            Entry entry = each.getValue();
            int order = newest == null ? 1 : entry.stamp().compareTo(newest.stamp());
            if (order > 0 || (order == 0 && each.getKey().equals(entry.owner()))) {
                newest = entry;
            }
        }
        if (newest == null) {
            return null;
        }
        Map<NodeId, Has> has = new LinkedHashMap<>();
        for (NodeId node : told) {
            Entry entry = entries.get(node);
            if (entry == null) {
                has.put(node, Has.NOTHING);
            } else if (entry.isSame(newest)) {
                has.put(node, Has.NEWEST);
            } else {
                has.put(node, newest.stamp().isAfter(entry.stamp()) ? Has.OLDER : Has.OTHER);
            }
        }
        boolean same = has.values().stream().allMatch(each -> each == Has.NEWEST);
        return same ? null : new Difference(newest, has);
    }

    /** Returns the buckets in which those that have told something differ. */
    static Buckets differing(List<Told> members) {
        Buckets differing = Buckets.NONE;
        ServiceRecords first = null;
        for (Told each : members) {
            ServiceRecords records = each.records();
            if (records == null) {
                continue;
            }
            if (first == null) {
                first = records;
            }
            for (int bucket = 0; bucket < Buckets.COUNT; bucket++) {
                if (first.sums().of(bucket) != records.sums().of(bucket)) {
                    differing = differing.with(bucket);
                }
            }
        }
        return differing;
    }
}
