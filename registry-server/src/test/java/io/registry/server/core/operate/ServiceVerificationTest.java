package io.registry.server.core.operate;

import static org.assertj.core.api.Assertions.assertThat;

import io.registry.distro.model.BucketSums;
import io.registry.distro.model.Buckets;
import io.registry.distro.model.ClientId;
import io.registry.distro.model.NodeId;
import io.registry.distro.model.Stamp;
import io.registry.server.core.cluster.ClusterMember;
import io.registry.server.core.cluster.ServiceRecords;
import io.registry.server.core.cluster.ServiceRecords.Entry;
import io.registry.server.core.operate.ServiceVerification.Has;
import io.registry.server.core.operate.ServiceVerification.Told;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What counts as the same, as older, and as something else. */
class ServiceVerificationTest {

    private static final NodeId N1 = new NodeId("n1");
    private static final NodeId N2 = new NodeId("n2");
    private static final NodeId N3 = new NodeId("n3");

    @Test
    void ofOneWriteWithTwoContentsTheOwnersCounts() {
        ServiceVerification found =
                found(told(N1, entry(N2, 5, 1)), told(N2, entry(N2, 5, 2)), told(N3, entry(N2, 5, 1)));

        assertThat(found.differences()).hasSize(1).allSatisfy(each -> {
            assertThat(each.newest().sum()).isEqualTo(2);
            assertThat(each.members()).isEqualTo(Map.of(N1, Has.OTHER, N2, Has.NEWEST, N3, Has.OTHER));
        });
    }

    @Test
    void theGreaterStampCountsWhoeverOwnsIt() {
        ServiceVerification found =
                found(told(N1, entry(N1, 5, 1)), told(N2, entry(N2, 6, 1)), told(N3, entry(N1, 5, 1)));

        assertThat(found.differences())
                .extracting(ServiceVerification.Difference::members)
                .containsExactly(Map.of(N1, Has.OLDER, N2, Has.NEWEST, N3, Has.OLDER));
    }

    @Test
    void thatNobodySpeaksForARecordIsNoDifference() {
        Entry spoken = entry(N1, 5, 1);
        Entry orphan = new Entry(spoken.client(), N1, 1, spoken.stamp(), 1, 1, true);

        assertThat(found(told(N1, spoken), told(N2, orphan)).differences()).isEmpty();
    }

    @Test
    void whoHasNotAnsweredLacksNothingButTheWholeIsNotEqual() {
        Told silent = new Told(member(N3), null, "no answer");

        ServiceVerification found = found(told(N1, entry(N1, 5, 1)), told(N2, entry(N1, 5, 1)), silent);

        assertThat(found.differences()).isEmpty();
        assertThat(found.isEqual()).isFalse();
    }

    private static ServiceVerification found(Told... told) {
        return ServiceVerification.of(List.of(told), Buckets.ALL);
    }

    private static Told told(NodeId node, Entry... entries) {
        return new Told(
                member(node),
                new ServiceRecords(
                        BucketSums.ZERO,
                        entries.length,
                        (int) Stream.of(entries).filter(Entry::orphan).count(),
                        false,
                        List.of(entries)),
                "");
    }

    private static ClusterMember member(NodeId node) {
        return new ClusterMember(node, node + ":8848", "", "");
    }

    private static Entry entry(NodeId owner, long told, long sum) {
        return new Entry(new ClientId("c1"), owner, 1, new Stamp(told, told, 0, owner, 1), sum, 1, false);
    }
}
