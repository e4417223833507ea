package io.registry.server.grpc.offence;

import io.registry.server.http.offence.HttpOffender;
import org.jspecify.annotations.Nullable;

/** Names the other adapter, which names this one. */
public final class GrpcOffender {

    @Nullable
    HttpOffender other;
}
