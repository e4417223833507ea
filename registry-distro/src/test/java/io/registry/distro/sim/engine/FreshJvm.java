package io.registry.distro.sim.engine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs a program on the class path of the tests in a process of its own, with hash salts of its own. */
public final class FreshJvm {

    private FreshJvm() {}

    /**
     * Runs it to its end.
     *
     * @return the lines that it has printed
     * @throws IllegalStateException if it does not end with 0
     */
    public static List<String> run(Class<?> program, List<String> arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-cp");
        // Surefire hides the class path in a manifest, and says in a property what it is.
        command.add(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
        command.add(program.getName());
        command.addAll(arguments);
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        List<String> lines = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();
        if (process.waitFor() != 0) {
            throw new IllegalStateException(
                    program.getName() + " ended with " + process.exitValue() + " (expected: 0)");
        }
        return lines;
    }
}
