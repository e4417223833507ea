package io.registry.server.core.service;

import io.registry.api.model.InstanceKey;
import io.registry.proto.json.ServiceInfoJson;
import io.registry.server.core.client.InstanceBytes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What makes one list of a service out of another, place by place, so that the order is the same as well.
 *
 * @param from the revision of the list that it applies to
 * @param edits the places, as a fragment of JSON; shared, not to be written to
 * @param put the instances that are new or changed, as the payload of the revision that results
 */
@SuppressWarnings("ArrayRecordComponent") // the bytes are shared by design, and never compared
public record ServiceDelta(long from, byte[] edits, ServicePayload put) {

    /** A list of fewer bytes is sent as it is: the rest of a message weighs more than what could be saved. */
    private static final int WORTH_FROM_BYTES = 4_096;

    /** A delta that is not at least this many times smaller than the list is not worth its keep. */
    private static final int WORTH_TIMES = 2;

    /** About as many bytes as the number of a place takes. */
    private static final int PLACE_BYTES = 6;

    /** Returns the delta between two lists; null where the newer list is better sent as it is. */
    public static @Nullable ServiceDelta between(Shown before, ServicePayload now) {
        if (now.length() < WORTH_FROM_BYTES) {
            return null;
        }
        Edits edits = new Edits(before.instances(), now.shown().instances());
        edits.find();
        int[] places = edits.put.toArray();
        List<InstanceBytes> put = new ArrayList<>(places.length);
        for (int place : places) {
            put.add(now.shown().instances().get(place));
        }
        ServicePayload difference =
                new ServicePayload(new Shown(now.revision(), put), now.reachProtectionThreshold(), false);
        long bytes = difference.length() + (long) PLACE_BYTES * (edits.put.count + edits.removed.count);
        if (bytes * WORTH_TIMES > now.length()) {
            return null;
        }
        byte[] json = ServiceInfoJson.edits(edits.removed.toArray(), places, now.count());
        return new ServiceDelta(before.revision(), json, difference);
    }

    /** Places in a list, rising. */
    private static final class Places {

        private int[] places = new int[8];
        private int count;

        void add(int place) {
            if (count == places.length) {
                places = Arrays.copyOf(places, 2 * count);
            }
            places[count++] = place;
        }

        int[] toArray() {
            return Arrays.copyOf(places, count);
        }
    }

    /** Two lists side by side. What both begin and end with is passed over. */
    private static final class Edits {

        final List<InstanceBytes> before;
        final List<InstanceBytes> now;
        final Places removed = new Places();
        final Places put = new Places();

        Edits(List<InstanceBytes> before, List<InstanceBytes> now) {
            this.before = before;
            this.now = now;
        }

        void find() {
            int oldEnd = before.size();
            int newEnd = now.size();
            int start = 0;
            while (start < oldEnd && start < newEnd && same(start, start)) {
                start++;
            }
            while (oldEnd > start && newEnd > start && same(oldEnd - 1, newEnd - 1)) {
                oldEnd--;
                newEnd--;
            }
            walk(start, oldEnd, newEnd);
        }

        private void walk(int start, int oldEnd, int newEnd) {
            Map<InstanceKey, Integer> left = places(before, start, oldEnd);
            Map<InstanceKey, Integer> come = places(now, start, newEnd);
            int i = start;
            int j = start;
            while (i < oldEnd || j < newEnd) {
                if (i < oldEnd && j < newEnd && same(i, j)) {
                    i++;
                    j++;
                } else if (i < oldEnd && !stays(come, key(before, i), j)) {
                    removed.add(i++);
                } else if (j < newEnd && !stays(left, key(now, j), i)) {
                    put.add(j++);
                } else {
                    // Changed in its place, or in another order: out and in again.
                    if (i < oldEnd) {
                        removed.add(i++);
                    }
                    if (j < newEnd) {
                        put.add(j++);
                    }
                }
            }
        }

        private static boolean stays(Map<InstanceKey, Integer> places, InstanceKey key, int from) {
            Integer place = places.get(key);
            return place != null && place >= from;
        }

        private static Map<InstanceKey, Integer> places(List<InstanceBytes> list, int from, int to) {
            Map<InstanceKey, Integer> places = new HashMap<>((to - from) * 2);
            for (int i = from; i < to; i++) {
                places.put(key(list, i), i);
            }
            return places;
        }

        private static InstanceKey key(List<InstanceBytes> list, int at) {
            return list.get(at).instance().key();
        }

        /** Settings laid over an instance are encoded anew for each revision, so the bytes count, not the object. */
        private boolean same(int i, int j) {
            return before.get(i).equals(now.get(j));
        }
    }
}
