package io.registry.example;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the tests read of the repository: where it is, and which commands its README shows. */
final class Repository {

    /** The plain programs. */
    static final String PROGRAMS = "java -jar registry-example/target/registry-example.jar ";

    /** The applications of Spring Boot. */
    static final String SPRING = "java -jar registry-example-spring-boot/target/registry-example-spring-boot.jar ";

    private Repository() {}

    /** Returns the directory of the README, where its commands are to be typed. */
    static Path root() {
        Path directory = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(directory.resolve("registry-example"))) {
            Path parent = directory.getParent();
            if (parent == null) {
                throw new IllegalStateException(
                        "no directory of the modules above " + Path.of("").toAbsolutePath());
            }
            directory = parent;
        }
        return directory;
    }

    /** Returns the commands of the section "Examples" that begin like this, by the program they run. */
    static Map<String, List<String>> commands(String run) {
        try {
            String readme = Files.readString(root().resolve("README.md"));
            int start = readme.indexOf("\n## Examples\n");
            String section = readme.substring(start, readme.indexOf("\n## ", start + 1));
            Map<String, List<String>> commands = new LinkedHashMap<>();
            for (String line : section.lines().map(String::strip).toList()) {
                if (line.startsWith(run)) {
                    List<String> words = List.of(line.split(" +"));
                    if (commands.put(words.get(3), words) != null) {
                        throw new IllegalStateException("shown twice: " + words.get(3));
                    }
                }
            }
            return commands;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
