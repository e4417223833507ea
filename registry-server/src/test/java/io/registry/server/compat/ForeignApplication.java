package io.registry.server.compat;

import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * A small application as users write them, against libraries that must not come near our own. Its sources are below
 * {@code src/test/foreign}; it is compiled by the test that runs it.
 */
final class ForeignApplication {

    private static final Path SOURCES = Path.of("src", "test", "foreign");
    private static final Path CLASSES = Path.of("target", "foreign");

    private final String name;
    private final String classPath;

    private ForeignApplication(String name, String classPath) {
        this.name = name;
        this.classPath = classPath;
    }

    /**
     * Compiles the sources of that name.
     *
     * @param dependencies what they use, as {@link MavenArtifacts#classPath} takes it
     */
    static ForeignApplication compile(String name, String dependencies) {
        String jars = MavenArtifacts.classPath(name, dependencies);
        Path classes = CLASSES.resolve(name).resolve("classes").toAbsolutePath();
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null);
                Stream<Path> all = Files.walk(SOURCES.resolve(name))) {
            Files.createDirectories(classes);
            List<Path> sources =
                    all.filter(file -> file.toString().endsWith(".java")).toList();
            StringWriter messages = new StringWriter();
            List<String> options = List.of("-parameters", "-proc:none", "-cp", jars, "-d", classes.toString());
            if (!compiler.getTask(messages, files, null, options, null, files.getJavaFileObjectsFromPaths(sources))
                    .call()) {
                throw new IllegalStateException("not compiled: " + name + "\n" + messages);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new ForeignApplication(name, classes + File.pathSeparator + jars);
    }

    /** Starts one of its programs and waits until it is there; the caller closes it. */
    DrivenProcess start(String mainClass, String... args) {
        try {
            Path directory = Files.createTempDirectory(name);
            List<String> command = new ArrayList<>();
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
            command.addAll(List.of("-Duser.home=" + directory, "-Dnacos.logging.default.config.enabled=false"));
            command.addAll(List.of("-cp", classPath, mainClass));
            command.addAll(Arrays.asList(args));
            return DrivenProcess.start(directory, command);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
