package io.registry.server.core.cluster;

import io.registry.api.model.ServiceKey;
import io.registry.distro.model.DistroRecord;
import io.registry.server.core.client.ClientData;
import io.registry.server.core.client.InstanceBytes;
import io.registry.server.core.client.Publication;
import io.registry.server.core.digest.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;

/**
 * What the ephemeral records of a node say about one service, in so few bytes that nodes can compare it: who publishes,
 * which node owns the publisher, and each instance to the last byte. Not what replication needs besides, such as stamps:
 * two nodes with the same digest show the same.
 *
 * @param hex the digest, 64 hexadecimal digits; the same in every process for the same records
 * @param instances how many instances there are
 * @param publishers how many clients publish them
 */
public record ServiceDigest(String hex, int instances, int publishers) {

    private static final Comparator<DistroRecord<ClientData>> BY_CLIENT = Comparator.comparing(DistroRecord::client);

    /**
     * Returns the digest of a service. Costs as much as the service has bytes.
     *
     * @param records one for each client, in any order; those that say nothing about the service count for nothing
     */
    public static ServiceDigest of(ServiceKey service, List<DistroRecord<ClientData>> records) {
        MessageDigest sum = Sha256.begin();
        int instances = 0;
        int publishers = 0;
        for (DistroRecord<ClientData> record :
                records.stream().sorted(BY_CLIENT).toList()) {
            ClientData data = record.data();
            Publication publication = data == null ? null : data.about(service);
            if (publication == null) {
                continue;
            }
            publishers++;
            instances += publication.size();
            add(sum, record.client().value().getBytes(StandardCharsets.UTF_8));
            add(sum, record.owner().value().getBytes(StandardCharsets.UTF_8));
            add(sum, publication.size());
            for (InstanceBytes instance : publication.instances()) {
                add(sum, instance.json());
            }
        }
        return new ServiceDigest(HexFormat.of().formatHex(sum.digest()), instances, publishers);
    }

    /** Adds bytes after their length, so that no other parts come to the same. */
    private static void add(MessageDigest sum, byte[] bytes) {
        add(sum, bytes.length);
        sum.update(bytes);
    }

    private static void add(MessageDigest sum, int number) {
        sum.update(ByteBuffer.allocate(Integer.BYTES).putInt(number).flip());
    }
}
