package io.registry.grpc;

import io.registry.api.NamingService;
import io.registry.client.RegistryClient;
import org.jspecify.annotations.Nullable;

/**
 * Where a resolver has its client from: the application's, or one of its own that lives as long as the resolver does.
 *
 * <p><b>Threading</b>: one thread at a time.
 */
final class NamingSource {

    private final @Nullable RegistryClient builder;
    private @Nullable NamingService naming;

    private NamingSource(@Nullable RegistryClient builder, @Nullable NamingService naming) {
        this.builder = builder;
        this.naming = naming;
    }

    static NamingSource of(NamingService naming) {
        return new NamingSource(null, naming);
    }

    static NamingSource own(RegistryClient builder) {
        return new NamingSource(builder, null);
    }

    /** Returns the client, made where it is the first time. */
    NamingService open() {
        NamingService open = naming;
        if (open == null) {
            if (builder == null) {
                throw new IllegalStateException("closed");
            }
            open = builder.build();
            naming = open;
        }
        return open;
    }

    /** Returns the client that has been used; null where none has. */
    @Nullable
    NamingService used() {
        return naming;
    }

    /** Ends the client, if it is not the application's. */
    void close() {
        NamingService open = naming;
        if (builder != null && open != null) {
            open.close();
        }
    }
}
