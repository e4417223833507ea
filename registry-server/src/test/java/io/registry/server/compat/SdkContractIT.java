package io.registry.server.compat;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.registry.server.testkit.RegistryProcess;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;

/**
 * The suite that the released clients pass, through this project's SDK: against our server, and against another server
 * of the protocol where the property {@value #OTHER_PORT} names its HTTP port on 127.0.0.1.
 */
class SdkContractIT {

    private static final String OTHER_PORT = "registry.other-server.port";

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

    @Nested
    class OurServer extends ClientContract {
        OurServer() {
            super(ClientVersion.SDK);
        }

        @Override
        RegistryProcess server() {
            return server;
        }
    }

    @Nested
    class OtherServer extends ClientContract {
        OtherServer() {
            super(ClientVersion.SDK);
        }

        @Override
        @BeforeAll
        void startClients() {
            assumeTrue(Integer.getInteger(OTHER_PORT) != null, "no other server is given");
            super.startClients();
        }

        @Override
        @AfterAll
        void endClients() {
            if (Integer.getInteger(OTHER_PORT) != null) {
                super.endClients();
            }
        }

        @Override
        RegistryProcess server() {
            return RegistryProcess.elsewhere(Integer.getInteger(OTHER_PORT, 0));
        }
    }
}
