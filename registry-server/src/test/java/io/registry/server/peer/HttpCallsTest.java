package io.registry.server.peer;

/** Calls over HTTP. */
class HttpCallsTest extends PeerCallsContract {

    HttpCallsTest() {
        super(PeerFixture.Over.HTTP);
    }
}
