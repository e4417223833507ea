package io.registry.distro.sim;

import io.registry.distro.DistroProtocol;
import io.registry.distro.Kept;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A snapshot of what a process knew, on the disk of its machine.
 *
 * @param <D> what clients publish
 * @param wallMillis when it was written, as the wall clock saw it
 * @param records with the lease that was left of each then
 */
public record KeptOnDisk<D>(long wallMillis, List<Kept<D>> records) {

    /** Takes what a protocol knows now. */
    public static <D> KeptOnDisk<D> of(DistroProtocol<?, D> protocol, Duration ownerLease, long wallMillis) {
        List<Kept<D>> records = new ArrayList<>();
        protocol.forEachRecord(record -> {
            Duration left = protocol.restoredLeaseLeft(record.client());
            records.add(new Kept<>(record, left == null ? ownerLease : left));
        });
        return new KeptOnDisk<>(wallMillis, records);
    }

    /** Returns what is there still, with the lease that is left of each. */
    public List<Kept<D>> left(long nowMillis) {
        long ageMillis = Math.max(0, nowMillis - wallMillis);
        return records.stream()
                .map(kept -> new Kept<>(kept.record(), kept.lease().minusMillis(ageMillis)))
                .filter(kept -> !kept.lease().isNegative() && !kept.lease().isZero())
                .toList();
    }
}
