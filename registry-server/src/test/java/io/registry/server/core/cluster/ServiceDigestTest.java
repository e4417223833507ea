package io.registry.server.core.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.registry.api.model.Instance;
import io.registry.api.model.ServiceKey;
import io.registry.distro.model.Cause;
import io.registry.distro.model.ClientId;
import io.registry.distro.model.ClientKind;
import io.registry.distro.model.DistroRecord;
import io.registry.distro.model.NodeId;
import io.registry.distro.model.Stamp;
import io.registry.server.core.client.ClientData;
import io.registry.server.core.client.InstanceBytes;
import io.registry.server.core.client.Publication;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ServiceDigestTest {

    private static final ServiceKey ORDERS = new ServiceKey("public", "DEFAULT_GROUP", "orders");
    private static final ServiceKey OTHER = new ServiceKey("public", "DEFAULT_GROUP", "other");

    private final DistroRecord<ClientData> first = record("c1", "n1", 1, publication("10.0.0.1", "blue"));
    private final DistroRecord<ClientData> second = record("c2", "n2", 1, publication("10.0.0.2", "blue"));
    private final DistroRecord<ClientData> third =
            record("c3", "n1", 1, publication("10.0.0.3", "blue"), publication("10.0.0.4", "blue"));
    private final ServiceDigest digest = ServiceDigest.of(ORDERS, List.of(first, second, third));

    @Test
    void equalRecordsHaveOneDigestWhateverTheirOrder() {
        assertThat(digest.instances()).isEqualTo(4);
        assertThat(digest.publishers()).isEqualTo(3);
        assertThat(digest.hex()).matches("[0-9a-f]{64}");

        DistroRecord<ClientData> anew = record("c1", "n1", 1, publication("10.0.0.1", "blue"));
        assertThat(ServiceDigest.of(ORDERS, List.of(third, second, anew))).isEqualTo(digest);
    }

    /** Known in advance, so that a digest which depends on the process, or on the version of the server, is found. */
    @Test
    void theDigestIsTheSameInEveryProcess() {
        assertThat(digest.hex()).isEqualTo("f9149b82cb8d38f4c41bd770d9e8d0131ac20db24f28fd81b565561a4bd52440");
    }

    @Test
    void oneByteOfContentMakesAnotherDigest() {
        DistroRecord<ClientData> changed = record("c2", "n2", 1, publication("10.0.0.2", "blua"));

        assertThat(ServiceDigest.of(ORDERS, List.of(first, changed, third)).hex())
                .isNotEqualTo(digest.hex());
    }

    @Test
    void anotherOwnerAnotherClientOrAnotherGroupingMakesAnotherDigest() {
        DistroRecord<ClientData> adopted = record("c2", "n1", 1, publication("10.0.0.2", "blue"));
        DistroRecord<ClientData> renamed = record("c9", "n2", 1, publication("10.0.0.2", "blue"));
        DistroRecord<ClientData> more =
                record("c2", "n2", 1, publication("10.0.0.2", "blue"), publication("10.0.0.3", "blue"));
        DistroRecord<ClientData> less = record("c3", "n1", 1, publication("10.0.0.4", "blue"));

        List<String> digests = Stream.of(
                        List.of(first, adopted, third),
                        List.of(first, renamed, third),
                        List.of(first, more, less),
                        List.of(first, second),
                        List.<DistroRecord<ClientData>>of())
                .map(records -> ServiceDigest.of(ORDERS, records).hex())
                .toList();
        assertThat(digests).doesNotHaveDuplicates().doesNotContain(digest.hex());
    }

    @Test
    void whatIsSaidOfOtherServicesAndWhenItWasSaidDoesNotCount() {
        DistroRecord<ClientData> heardAgain = record("c2", "n2", 7, publication("10.0.0.2", "blue"));
        ClientData elsewhere = ClientData.EMPTY.with(OTHER, publication("10.0.0.9", "blue"));
        DistroRecord<ClientData> apart = new DistroRecord<>(
                new ClientId("c4"),
                ClientKind.CONNECTION,
                new NodeId("n1"),
                1,
                stamp("n1", 1),
                elsewhere,
                Cause.PUBLISHED);
        DistroRecord<ClientData> gone = new DistroRecord<>(
                new ClientId("c5"), ClientKind.CONNECTION, new NodeId("n1"), 1, stamp("n1", 1), null, Cause.WITHDRAWN);

        assertThat(ServiceDigest.of(ORDERS, List.of(first, heardAgain, third, apart, gone)))
                .isEqualTo(digest);
    }

    private static DistroRecord<ClientData> record(String client, String owner, long time, InstanceBytes... instances) {
        ClientData data = ClientData.EMPTY.with(ORDERS, Publication.of(List.of(instances)));
        return new DistroRecord<>(
                new ClientId(client),
                ClientKind.CONNECTION,
                new NodeId(owner),
                1,
                stamp(owner, time),
                data,
                Cause.PUBLISHED);
    }

    private static InstanceBytes publication(String ip, String colour) {
        Instance instance = Instance.builder(ip, 80).metadata("colour", colour).build();
        return InstanceBytes.of(instance, ORDERS);
    }

    private static Stamp stamp(String writer, long time) {
        return new Stamp(time, time, 0, new NodeId(writer), 1);
    }
}
