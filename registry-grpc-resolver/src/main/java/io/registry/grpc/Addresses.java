package io.registry.grpc;

import io.grpc.Attributes;
import io.grpc.EquivalentAddressGroup;
import io.registry.api.model.Instance;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The addresses of instances, each once, in the order of the instances.
 *
 * @param groups one group for each address
 * @param unusable what cannot be called, with the reason
 */
record Addresses(List<EquivalentAddressGroup> groups, List<String> unusable) {

    private static final int PORT_MAX = 65_535;

    /** Looks at instances. May wait, where one has a host name for its address. */
    static Addresses of(List<Instance> instances) {
        Map<SocketAddress, EquivalentAddressGroup> groups = new LinkedHashMap<>();
        List<String> unusable = new ArrayList<>();
        for (Instance instance : instances) {
            int port = port(instance);
            if (port < 1) {
                unusable.add(instance.address() + " with " + RegistryNameResolverProvider.PORT + " "
                        + instance.metadata().get(RegistryNameResolverProvider.PORT) + " (expected: 1.." + PORT_MAX
                        + ")");
                continue;
            }
            InetSocketAddress address = new InetSocketAddress(instance.ip(), port);
            if (address.isUnresolved()) {
                unusable.add(instance.address() + ", a host that is not known");
                continue;
            }
            groups.putIfAbsent(
                    address,
                    new EquivalentAddressGroup(
                            address,
                            Attributes.newBuilder()
                                    .set(RegistryNameResolverProvider.INSTANCE, instance)
                                    .build()));
        }
        return new Addresses(List.copyOf(groups.values()), List.copyOf(unusable));
    }

    /** Returns the port of gRPC; 0 where what the instance says of it is none. */
    private static int port(Instance instance) {
        String text = instance.metadata().get(RegistryNameResolverProvider.PORT);
        if (text == null) {
            return instance.port();
        }
        try {
            int port = Integer.parseInt(text.strip());
            return port <= PORT_MAX ? port : 0;
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
