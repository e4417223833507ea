package io.registry.distro;

import io.registry.distro.model.NodeId;
import java.util.EnumSet;

/** Makes protocols from which a rule was taken, for tests elsewhere that look whether anything objects. */
public final class BrokenProtocols {

    private BrokenProtocols() {}

    /**
     * Makes the protocol of one incarnation of a node.
     *
     * @param rule the name of the rule that it does not keep
     */
    public static <K, D> DistroProtocol<K, D> without(
            String rule,
            NodeId self,
            long incarnation,
            DistroConfig config,
            DistroPorts<K, D> ports,
            DistroListener<K, D> listener) {
        EnumSet<Rule> kept = EnumSet.complementOf(EnumSet.of(Rule.valueOf(rule)));
        return new DistroProtocol<>(self, incarnation, config, ports, listener, kept);
    }
}
