package io.registry.grpc;

import io.grpc.Attributes;
import io.grpc.EquivalentAddressGroup;
import io.grpc.NameResolver;
import io.grpc.NameResolverProvider;
import io.registry.api.NamingService;
import io.registry.api.error.RegistryException;
import io.registry.api.model.Instance;
import io.registry.client.RegistryClient;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * Lets gRPC find services by name: the addresses of a channel to {@code registry:///orders} are the instances of {@code
 * orders} that are healthy, enabled and of a weight above 0, and follow every change.
 *
 * <pre>{@code
 * NameResolverRegistry.getDefaultRegistry().register(new RegistryNameResolverProvider(naming));
 * ManagedChannel channel = Grpc.newChannelBuilder("registry:///orders", credentials)
 *         .defaultLoadBalancingPolicy("round_robin")
 *         .build();
 * }</pre>
 *
 * <p><b>Targets</b>: {@code registry:///service}, with {@code ?group=} and {@code clusters=} (names with commas between).
 * A target that names a server, {@code registry://10.0.0.1:8848/orders}, and further ones with {@code servers=} and a
 * namespace with {@code namespace=}, needs no {@link NamingService}: the channel makes one of its own and closes it. gRPC finds this provider for such targets by itself.
 * Characters that have a meaning in addresses are written as {@code %XX}. Others are refused with an {@code
 * IllegalArgumentException} when the channel is built.
 *
 * <p><b>Ports</b>: the one of the instance, or the one that its metadata give as {@value #PORT}. An instance with a
 * malformed one is left out.
 *
 * <p><b>Nobody there</b>: calls fail with {@code UNAVAILABLE} and a text that names the service, or wait where they are
 * to wait until ready.
 *
 * <p><b>Threading</b>: any thread.
 */
public final class RegistryNameResolverProvider extends NameResolverProvider {

    /** The name in an instance's metadata of the port of gRPC, 1..65535. */
    public static final String PORT = "grpc.port";

    /** The instance of an address, for load balancers: its metadata, weight and cluster. */
    @EquivalentAddressGroup.Attr
    public static final Attributes.Key<Instance> INSTANCE = Attributes.Key.create("registry-instance");

    /** A provider that was given a client goes before one that was not. */
    private static final int PRIORITY_WITHOUT = 5;

    private final @Nullable NamingService naming;

    /** Makes a provider for targets that name their servers. */
    public RegistryNameResolverProvider() {
        this.naming = null;
    }

    /**
     * Makes a provider for all targets.
     *
     * @param naming answers for targets that name no servers; stays the application's to close, after its channels
     */
    public RegistryNameResolverProvider(NamingService naming) {
        this.naming = naming;
    }

    @Override
    protected boolean isAvailable() {
        return true;
    }

    @Override
    protected int priority() {
        return naming == null ? PRIORITY_WITHOUT : PRIORITY_WITHOUT + 1;
    }

    @Override
    public String getDefaultScheme() {
        return Target.SCHEME;
    }

    @Override
    @SuppressWarnings("NullAway") // null is gRPC's own way to say that a target is for another provider
    public NameResolver newNameResolver(URI uri, NameResolver.Args args) {
        if (!Target.SCHEME.equals(uri.getScheme())) {
            return null;
        }
        Target target = Target.parse(uri);
        return new RegistryNameResolver(target, source(uri, target), args);
    }

    private NamingSource source(URI uri, Target target) {
        if (!target.servers().isEmpty()) {
            try {
                RegistryClient builder =
                        RegistryClient.builder().serverAddr(target.servers()).namespace(target.namespace());
                return NamingSource.own(builder);
            } catch (RegistryException e) {
                throw new IllegalArgumentException("target " + uri + ": " + e.getMessage(), e);
            }
        }
        NamingService given = naming;
        if (given == null) {
            throw new IllegalArgumentException("target: " + uri
                    + " (expected: a server, as in registry://host:port/service, or a provider with a NamingService"
                    + " in gRPC's NameResolverRegistry)");
        }
        return NamingSource.of(given);
    }
}
