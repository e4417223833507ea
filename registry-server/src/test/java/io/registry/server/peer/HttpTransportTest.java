package io.registry.server.peer;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The HTTP port carries messages as replication wants it. */
class HttpTransportTest extends DistroTransportContract {

    private final PeerFixture fixture = new PeerFixture(PeerFixture.Over.HTTP);

    /** Two gigabytes are encoded once more for it. */
    @Override
    @Test
    @Tag("long")
    void aPeerThatTakesNothingCostsNoMoreThanABound() {
        super.aPeerThatTakesNothingCostsNoMoreThanABound();
    }

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
