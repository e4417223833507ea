package io.registry.server.compat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Resolves the run-time class path of an artefact that must not come near our own, by a Maven of its own: the one that
 * runs the build, with its settings and local repository, so that mirrors and proxies hold here too.
 */
final class MavenArtifacts {

    private static final Path DIRECTORY = Path.of("target", "foreign");
    private static final String GOAL = "org.apache.maven.plugins:maven-dependency-plugin:"
            + System.getProperty("foreign.dependency-plugin", "3.8.1") + ":build-classpath";

    private MavenArtifacts() {}

    /**
     * Returns the class path of what the dependencies ask for, resolved once and remembered in {@code target}.
     *
     * @param name a name for the set, different for each
     * @param dependencies pairs of {@code <dependency>} and {@code <dependencyManagement>} content, as a pom has them
     */
    static synchronized String classPath(String name, String dependencies) {
        Path directory = DIRECTORY.resolve(name).toAbsolutePath();
        Path result = directory.resolve("classpath");
        try {
            Path wanted = directory.resolve("pom.xml");
            String pom = pom(name, dependencies);
            if (!Files.exists(result) || !Files.readString(wanted).equals(pom)) {
                Files.createDirectories(directory);
                Files.deleteIfExists(result);
                Files.writeString(wanted, pom);
                resolve(directory);
                Files.move(directory.resolve("classpath.new"), result);
            }
            return Files.readString(result);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void resolve(Path directory) throws IOException {
        List<String> command = new ArrayList<>();
        String home = System.getProperty("foreign.maven-home", "");
        command.add(home.isEmpty() ? "mvn" : Path.of(home, "bin", "mvn").toString());
        command.addAll(List.of("-B", "-q", GOAL, "-DincludeScope=runtime", "-Dmdep.outputFile=classpath.new"));
        String repository = System.getProperty("foreign.local-repository", "");
        if (!repository.isEmpty()) {
            command.add("-Dmaven.repo.local=" + repository);
        }
        if (Boolean.getBoolean("foreign.offline")) {
            command.add("-o");
        }
        Installer.run(directory, command);
    }

    private static String pom(String name, String dependencies) {
        return """
                <project xmlns="http://maven.apache.org/POM/4.0.0">
                  <modelVersion>4.0.0</modelVersion>
                  <groupId>foreign</groupId>
                  <artifactId>%s</artifactId>
                  <version>1</version>
                %s
                </project>
                """.formatted(name, dependencies);
    }
}
