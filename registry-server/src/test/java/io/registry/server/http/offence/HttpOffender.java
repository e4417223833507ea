package io.registry.server.http.offence;

import io.registry.server.boot.offence.Accomplice;
import io.registry.server.grpc.offence.GrpcOffender;
import org.jspecify.annotations.Nullable;

/** Names the other adapter, which names this one, and the start. */
public final class HttpOffender {

    @Nullable
    GrpcOffender other;

    final Accomplice accomplice = new Accomplice();
}
