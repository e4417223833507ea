package io.registry.server.core.operate;

import io.registry.api.model.ServiceKey;
import io.registry.distro.DistroProtocol;
import io.registry.distro.model.ClientId;
import io.registry.distro.model.DistroRecord;
import io.registry.server.core.client.ClientData;
import io.registry.server.core.service.ServiceManager;
import java.util.ArrayList;
import java.util.List;

/**
 * The records that say something about a service.
 *
 * <p><b>Threading</b>: on the loop only.
 */
final class PublishedRecords {

    private final DistroProtocol<ServiceKey, ClientData> distro;
    private final ServiceManager services;

    PublishedRecords(DistroProtocol<ServiceKey, ClientData> distro, ServiceManager services) {
        this.distro = distro;
        this.services = services;
    }

    /** Returns them, as this node has them; none where it does not know the service. */
    List<DistroRecord<ClientData>> of(ServiceKey service) {
        List<DistroRecord<ClientData>> records = new ArrayList<>();
        for (ClientId client : services.publishers(service).keySet()) {
            DistroRecord<ClientData> record = distro.record(client);
            if (record != null) {
                records.add(record);
            }
        }
        return records;
    }
}
