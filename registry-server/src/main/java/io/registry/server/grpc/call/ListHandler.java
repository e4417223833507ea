package io.registry.server.grpc.call;

import io.registry.proto.codec.Answers;
import io.registry.proto.envelope.OutboundEnvelope;
import io.registry.proto.payload.ServiceListRequest;
import io.registry.server.core.service.ServiceCatalog;

/** Lists the services of a group, page by page. The selector that clients may send changes nothing. */
final class ListHandler {

    private final ServiceCatalog catalog;

    ListHandler(ServiceCatalog catalog) {
        this.catalog = catalog;
    }

    OutboundEnvelope handle(ServiceListRequest request) {
        RequestChecks.group(request);
        ServiceCatalog.Page<String> page =
                catalog.names(request.namespace(), request.groupName(), request.pageNo(), request.pageSize());
        return Answers.serviceList(page.total(), page.items());
    }
}
