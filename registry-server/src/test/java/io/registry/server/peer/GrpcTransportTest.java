package io.registry.server.peer;

/** The cluster port carries messages as replication wants it. */
class GrpcTransportTest extends DistroTransportContract {

    private final PeerFixture fixture = new PeerFixture(PeerFixture.Over.GRPC);

    @Override
    Node start(String id, long incarnation) {
        return fixture.start(fixture.config(id, incarnation));
    }

    @Override
    Node startStranger(String id) {
        return fixture.startStranger(fixture.config(id, 1));
    }

    @Override
    void stopAll() {
        fixture.close();
    }
}
