package io.registry.server.peer;

/** Calls over gRPC. */
class GrpcCallsTest extends PeerCallsContract {

    GrpcCallsTest() {
        super(PeerFixture.Over.GRPC);
    }
}
