package io.registry.server.sim;

import io.registry.api.model.ServiceKey;
import io.registry.distro.DistroConfig;
import io.registry.distro.DistroListener;
import io.registry.distro.DistroPorts;
import io.registry.distro.DistroProtocol;
import io.registry.distro.model.NodeId;
import io.registry.server.core.client.ClientData;
import io.registry.server.core.push.PushConfig;

/**
 * How nodes are made: as they are, or with something essential left out, to see whether anything objects.
 *
 * @param protocols makes the protocol of a node
 * @param push the times of pushing
 * @param waits whether a node says nothing before it has loaded what the others know
 */
record NodeMake(Protocols protocols, PushConfig push, boolean waits) {

    /** As nodes are. */
    static final NodeMake REAL = new NodeMake(DistroProtocol::new, PushConfig.defaults(), true);

    /** Makes the protocol of one incarnation of a node. */
    @FunctionalInterface
    interface Protocols {

        /** Makes it. */
        DistroProtocol<ServiceKey, ClientData> make(
                NodeId self,
                long incarnation,
                DistroConfig config,
                DistroPorts<ServiceKey, ClientData> ports,
                DistroListener<ServiceKey, ClientData> listener);
    }

    NodeMake withProtocols(Protocols others) {
        return new NodeMake(others, push, waits);
    }

    NodeMake withPush(PushConfig other) {
        return new NodeMake(protocols, other, waits);
    }

    NodeMake impatient() {
        return new NodeMake(protocols, push, false);
    }
}
