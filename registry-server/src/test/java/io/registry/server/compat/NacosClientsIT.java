package io.registry.server.compat;

import io.registry.server.testkit.RegistryProcess;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;

/**
 * Every client version against one server. The newest, the oldest with a connection, and 1.4 run each time, the others
 * in the long suite.
 */
class NacosClientsIT {

    @SuppressWarnings("NullAway.Init")
    private static RegistryProcess server;

    @BeforeAll
    static void startServer() {
        server = RegistryProcess.start();
    }

    @AfterAll
    static void endServer() {
        server.close();
    }

    abstract static class Contract extends ClientContract {

        Contract(ClientVersion version) {
            super(version);
        }

        @Override
        RegistryProcess server() {
            return server;
        }
    }

    @Nested
    class V1_4 extends Contract {
        V1_4() {
            super(ClientVersion.V1_4);
        }
    }

    @Nested
    @Tag("long")
    class V2_0 extends Contract {
        V2_0() {
            super(ClientVersion.V2_0);
        }
    }

    @Nested
    @Tag("long")
    class V2_1 extends Contract {
        V2_1() {
            super(ClientVersion.V2_1);
        }
    }

    @Nested
    @Tag("long")
    class V2_2 extends Contract {
        V2_2() {
            super(ClientVersion.V2_2);
        }
    }

    @Nested
    @Tag("long")
    class V2_3 extends Contract {
        V2_3() {
            super(ClientVersion.V2_3);
        }
    }

    @Nested
    @Tag("long")
    class V2_4 extends Contract {
        V2_4() {
            super(ClientVersion.V2_4);
        }
    }

    @Nested
    @Tag("long")
    class V2_5 extends Contract {
        V2_5() {
            super(ClientVersion.V2_5);
        }
    }

    @Nested
    @Tag("long")
    class V3_0 extends Contract {
        V3_0() {
            super(ClientVersion.V3_0);
        }
    }

    @Nested
    @Tag("long")
    class V3_1 extends Contract {
        V3_1() {
            super(ClientVersion.V3_1);
        }
    }

    @Nested
    class V3_2 extends Contract {
        V3_2() {
            super(ClientVersion.V3_2);
        }
    }
}
