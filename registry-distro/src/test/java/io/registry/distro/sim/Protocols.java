package io.registry.distro.sim;

import io.registry.distro.DistroConfig;
import io.registry.distro.DistroListener;
import io.registry.distro.DistroPorts;
import io.registry.distro.DistroProtocol;
import io.registry.distro.model.NodeId;
import io.registry.distro.testkit.Parts;

/** Makes the protocol that a node runs: the real one, or one from which a rule was taken to see whether checks notice. */
@FunctionalInterface
public interface Protocols {

    /** The protocol as it is. */
    Protocols REAL = DistroProtocol::new;

    /** Makes that of one incarnation of a node. */
    DistroProtocol<String, Parts> make(
            NodeId self,
            long incarnation,
            DistroConfig config,
            DistroPorts<String, Parts> ports,
            DistroListener<String, Parts> listener);
}
