package io.registry.server.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.registry.distro.model.NodeId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeIdentityTest {

    @TempDir
    private Path parent;

    @Test
    void theIdStaysAndTheIncarnationRises() throws IOException {
        Path directory = parent.resolve("data");
        NodeId first;
        try (NodeIdentity node = NodeIdentity.take(directory, false)) {
            first = node.id();
            assertThat(node.incarnation()).isEqualTo(1);
        }

        try (NodeIdentity again = NodeIdentity.take(directory, false)) {
            assertThat(again.id()).isEqualTo(first);
            assertThat(again.incarnation()).isEqualTo(2);
        }
    }

    @Test
    void aDirectoryInUseIsRefused() throws IOException {
        Path directory = parent.resolve("data");
        try (NodeIdentity node = NodeIdentity.take(directory, false)) {
            assertThat(node.incarnation()).isEqualTo(1);

            assertThatThrownBy(() -> NodeIdentity.take(directory, false))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(directory + " is in use by another process");
        }
    }

    @Test
    void aRenamedDirectoryIsTheSame() throws IOException {
        Path directory = parent.resolve("data");
        NodeIdentity.take(directory, false).close();
        Path renamed = Files.move(directory, parent.resolve("renamed"));

        try (NodeIdentity node = NodeIdentity.take(renamed, false)) {
            assertThat(node.incarnation()).isEqualTo(2);
        }
    }

    @Test
    void aCopyIsRefusedUntilAnOperatorSaysThatItWasMoved() throws IOException {
        Path directory = parent.resolve("data");
        NodeId id;
        try (NodeIdentity node = NodeIdentity.take(directory, false)) {
            id = node.id();
        }
        Path copy = Files.createDirectory(parent.resolve("copy"));
        for (String file : new String[] {"lock", "node.properties"}) {
            Files.copy(directory.resolve(file), copy.resolve(file));
        }

        assertThatThrownBy(() -> NodeIdentity.take(copy, false))
                .isInstanceOf(IOException.class)
                .hasMessage("registry.data-dir: " + copy + " is a copy (expected: the directory itself; where the"
                        + " original is used no more, start once with --registry.data-dir-moved=true)");
        try (NodeIdentity moved = NodeIdentity.take(copy, true)) {
            assertThat(moved.id()).isEqualTo(id);
        }
        try (NodeIdentity known = NodeIdentity.take(copy, false)) {
            assertThat(known.id()).isEqualTo(id);
        }
    }
}
