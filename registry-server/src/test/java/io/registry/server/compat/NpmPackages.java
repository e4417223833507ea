package io.registry.server.compat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;

/** Installs a package for Node with the npm on the path, as it is set up, below {@code target}. */
final class NpmPackages {

    private static final Path DIRECTORY = Path.of("target", "foreign");
    private static final Path PROGRAMS = Path.of("src", "test", "foreign", "npm");

    private NpmPackages() {}

    /**
     * Returns a directory that holds the package and the programs that use it; installed once and remembered.
     *
     * @param version the exact version
     */
    static synchronized Path install(String name, String version) {
        Path directory = DIRECTORY.resolve("npm-" + name + "-" + version).toAbsolutePath();
        Path done = directory.resolve("installed");
        try {
            if (!Files.exists(done)) {
                Files.createDirectories(directory);
                Files.writeString(directory.resolve("package.json"), "{\"private\": true}");
                Installer.run(directory, command(name + "@" + version));
                Files.createFile(done);
            }
            try (Stream<Path> programs = Files.list(PROGRAMS)) {
                for (Path program : programs.toList()) {
                    Files.copy(program, directory.resolve(program.getFileName()), StandardCopyOption.REPLACE_EXISTING);
                }
            }
            return directory;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> command(String artefact) {
        return List.of(
                "npm",
                "install",
                "--save-exact",
                "--prefer-offline",
                "--ignore-scripts",
                "--no-audit",
                "--no-fund",
                "--no-update-notifier",
                artefact);
    }
}
