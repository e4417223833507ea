package io.registry.server.compat;

import io.registry.server.testkit.RegistryProcess;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;

/** A server that is started again, under unmodified clients; which of them when, as in {@link NacosClientsIT}. */
class ServerRestartIT {

    private static final Set<ClientVersion> ALWAYS =
            EnumSet.of(ClientVersion.V1_4, ClientVersion.V2_0, ClientVersion.V3_2);

    @Nested
    class Killed extends KilledServer {
        Killed() {
            super(ALWAYS);
        }
    }

    @Nested
    @Tag("long")
    class KilledOthers extends KilledServer {
        KilledOthers() {
            super(EnumSet.complementOf(EnumSet.copyOf(ALWAYS)));
        }
    }

    @Nested
    @Tag("long")
    class StoppedInOrder extends RestartContract {
        StoppedInOrder() {
            super(EnumSet.allOf(ClientVersion.class));
        }

        @Override
        void end(RegistryProcess running) {
            running.stop();
        }
    }

    abstract static class KilledServer extends RestartContract {
        KilledServer(Set<ClientVersion> versions) {
            super(versions);
        }

        @Override
        void end(RegistryProcess running) {
            running.kill();
        }
    }
}
