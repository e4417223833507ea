package io.registry.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.registry.api.NamingService;
import io.registry.api.error.RegistryException;
import io.registry.api.model.Instance;
import io.registry.client.NamingFactory;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Where the extension stands, and how long its registry lives. */
class RegistryExtensionIT {

    @RegisterExtension
    static final RegistryExtension FIRST = RegistryExtension.create();

    @RegisterExtension
    static final RegistryExtension SECOND = RegistryExtension.create("--registry.limits.instances=1");

    @Test
    void twoAreApart() {
        try (NamingService first = NamingFactory.createNamingService(FIRST.clientProperties());
                NamingService second = NamingFactory.createNamingService(SECOND.clientProperties())) {
            first.registerInstance("orders", "10.0.0.1", 1);
            second.registerInstance("orders", "10.0.0.2", 2);

            assertThat(first.getAllInstances("orders")).extracting(Instance::ip).containsExactly("10.0.0.1");
            assertThat(second.getAllInstances("orders"))
                    .extracting(Instance::ip)
                    .containsExactly("10.0.0.2");
        }
    }

    @Test
    void settingsArrive() {
        try (NamingService second = NamingFactory.createNamingService(SECOND.clientProperties())) {
            second.registerInstance("one", "10.0.0.2", 2);

            assertThatThrownBy(() -> second.registerInstance("too-many", "10.0.0.3", 3))
                    .isInstanceOf(RegistryException.class)
                    .hasMessageContaining("expected: at most 1");
        }
    }

    @Test
    void nothingOfTheServerIsOnTheClassPath() {
        ClassLoader classes = getClass().getClassLoader();

        assertThat(classes.getResource("io/registry/junit/registry-server.jar")).isNotNull();
        assertThat(classes.getResource("BOOT-INF/classes")).isNull();
        assertThat(classes.getResource("io/registry/server/boot/RegistryServer.class"))
                .isNull();
        assertThat(classes.getResource("org/springframework/boot/loader/launch/JarLauncher.class"))
                .isNull();
    }

    @Nested
    class WhatIsNested {

        @Test
        void findsTheSame() {
            assertThat(FIRST.isRunning()).isTrue();
            assertThat(SECOND.isRunning()).isTrue();
        }
    }

    /** One registry for each test. */
    @Nested
    class InAFieldThatIsNotStatic {

        private static final Set<Long> PROCESSES = new HashSet<>();

        @RegisterExtension
        final RegistryExtension registry = RegistryExtension.create();

        @BeforeAll
        static void noneIsSeen() {
            PROCESSES.clear();
        }

        @Test
        void isANewOne() {
            assertNew();
        }

        @Test
        void isANewOneAgain() {
            assertNew();
        }

        private void assertNew() {
            assertThat(registry.isRunning()).isTrue();
            assertThat(PROCESSES)
                    .allSatisfy(each -> assertThat(ProcessHandle.of(each)).isEmpty());
            assertThat(PROCESSES.add(registry.pid())).isTrue();
        }
    }
}
