package io.registry.server.testkit;

import io.registry.server.testkit.network.Place;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * A real server process, of the jar that the build made, on free ports and a data directory of its own. It is
 * started by {@code bin/registry}, which takes a third of the time that the jar alone does. Its output goes to a file
 * beside the data; {@link #log()} reads it, for the message of a failing test.
 */
public final class RegistryProcess implements AutoCloseable {

    /** The first start of a build makes an archive of classes, which a busy machine takes long for. */
    private static final Duration START_MAX = Duration.ofMinutes(3);

    /** Where active checks may go. */
    private static final String CHECKED = "--registry.health-check.networks=";

    private static final Path JAR = Path.of(System.getProperty("registry.jar", "target/registry-server.jar"));

    private static final Pattern HEAP_USED = Pattern.compile("used (\\d+)K");

    private static final Path SCRIPT = JAR.toAbsolutePath().resolveSibling("bin/registry");

    /** What the build gives to the JVM of every server that the start script starts. */
    private static final String JVM_OPTIONS = System.getProperty("server.jvm-options", "");

    private final Starter starter;
    private final Place place;
    private final Path directory;
    private final List<String> options;
    private @Nullable Process process;
    private boolean paused;

    /**
     * How a process is started.
     *
     * @param command to which the server's arguments are added
     * @param javaOptions what the start script gives to the JVM
     */
    private record Starter(List<String> command, String javaOptions) {

        static Starter ofScript(int megabytes) {
            return new Starter(List.of("sh", SCRIPT.toString()), "-Xmx" + megabytes + "m " + JVM_OPTIONS);
        }
    }

    private RegistryProcess(Starter starter, Place place, Path directory, List<String> options) {
        this.starter = starter;
        this.place = place;
        this.directory = directory;
        this.options = options;
    }

    /**
     * Starts a server and waits until it is ready.
     *
     * @param options further command-line arguments, such as {@code --registry.limits.connections=10}
     */
    public static RegistryProcess start(String... options) {
        return startWithHeap(512, options);
    }

    /**
     * Starts a server with a heap of its own and waits until it is ready.
     *
     * @param megabytes the most that its heap may take, and what lies outside of it likewise
     */
    public static RegistryProcess startWithHeap(int megabytes, String... options) {
        return startBy(Starter.ofScript(megabytes), options);
    }

    /** Returns the command that runs the server's jar with a heap of so many megabytes, to which arguments are added. */
    public static List<String> java(int megabytes) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + megabytes + "m",
                "-jar",
                JAR.toAbsolutePath().toString());
    }

    /** Prepares a server at a place, for {@link #launch}. */
    static RegistryProcess prepared(Place place, List<String> options) {
        return new RegistryProcess(Starter.ofScript(384), place, newDirectory(), List.copyOf(options));
    }

    /** Returns this server on another port and with other options, over the same directory; this one must not run. */
    RegistryProcess moved(int newPort, List<String> newOptions) {
        Place elsewhere = new Place(place.host(), newPort, place.inside(), place.options());
        return new RegistryProcess(starter, elsewhere, directory, List.copyOf(newOptions));
    }

    /** Returns this server with other options, over the same ports and directory; this one must not run. */
    public RegistryProcess with(String... newOptions) {
        return moved(place.port(), List.of(newOptions));
    }

    /**
     * Starts a server by a command of the test's own and waits until it is ready.
     *
     * @param starter the command to which the server's arguments are added
     */
    public static RegistryProcess startBy(List<String> starter, String... options) {
        return startBy(new Starter(starter, ""), options);
    }

    private static RegistryProcess startBy(Starter starter, String... options) {
        RegistryProcess server =
                new RegistryProcess(starter, Place.onLoopback(Ports.free()), newDirectory(), List.of(options));
        server.restart();
        return server;
    }

    /** Stands for a server that somebody else has started, of this project or another, and that nobody here ends. */
    public static RegistryProcess elsewhere(int port) {
        return new RegistryProcess(new Starter(List.of(), ""), Place.onLoopback(port), Path.of("elsewhere"), List.of());
    }

    /** Beside the jar, where the next clean build takes it away: what a server has written is of use after its end. */
    private static Path newDirectory() {
        try {
            Path all = Files.createDirectories(JAR.toAbsolutePath().resolveSibling("servers"));
            return Files.createTempDirectory(all, "registry");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts the process again, on the same ports and data, and waits until it is ready. */
    public void restart() {
        launch();
        awaitReady();
    }

    /** Starts the process without waiting. */
    public void launch() {
        if (process != null && process.isAlive()) {
            throw new IllegalStateException("still running: pid " + process.pid());
        }
        process = again();
        paused = false;
    }

    /** Starts the process a second time beside the one that runs, and returns it; it ends with the test. */
    public Process again() {
        List<String> command = new ArrayList<>(place.command(starter.command()));
        command.add("--server.port=" + place.port());
        command.addAll(place.options());
        command.add("--registry.data-dir=" + directory.resolve("data"));
        if (options.stream().noneMatch(option -> option.startsWith(CHECKED))) {
            // The persistent instances of tests are at addresses that are nobody's: asked, they would turn unhealthy.
            command.add(CHECKED + "192.0.2.0/24");
        }
        if (options.stream().noneMatch(option -> option.startsWith(Administrator.OPTION))) {
            command.add(Administrator.OPTION + Administrator.PASSWORD);
        }
        command.addAll(options);
        try {
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(logFile().toFile()));
            builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
            builder.environment().put("JAVA_OPTS", starter.javaOptions());
            return builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until the server says that clients may come. */
    public void awaitReady() {
        Await.until("server ready at " + address() + "\n" + log(), START_MAX, () -> {
            if (!running().isAlive()) {
                throw new IllegalStateException(
                        "server ended with status " + running().exitValue() + "\n" + log());
            }
            return isReady();
        });
    }

    /** Returns whether the server says that clients may come. */
    public boolean isReady() {
        HttpClient client =
                encrypted() ? HttpClient.newBuilder().sslContext(context()).build() : HttpClient.newHttpClient();
        HttpRequest request = HttpRequest.newBuilder(url("/actuator/health/readiness"))
                .timeout(Duration.ofSeconds(2))
                .build();
        try {
            return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Where clients have to show a certificate, the server's own does. */
    private SSLContext context() {
        return options.contains("--registry.tls.client-auth=need")
                ? AnyCertificate.showing(new TestCertificates.Pair(
                        Path.of(option("--registry.tls.certificate=")), Path.of(option("--registry.tls.private-key="))))
                : AnyCertificate.context();
    }

    private String option(String name) {
        return options.stream()
                .filter(option -> option.startsWith(name))
                .map(option -> option.substring(name.length()))
                .findFirst()
                .orElseThrow();
    }

    /** Returns the HTTP port; the gRPC port is this plus 1000. */
    public int port() {
        return place.port();
    }

    /** Returns the address that all ports are bound to. */
    public String host() {
        return place.host();
    }

    /** Returns {@code host:port}, as clients are configured. */
    public String address() {
        return place.address();
    }

    /** Returns the process id. */
    public long pid() {
        return running().pid();
    }

    /** Returns the data directory. */
    public Path dataDirectory() {
        return directory.resolve("data");
    }

    /** Deletes the data directory, as if the node had never been; the process must not run. */
    public void deleteData() {
        try (Stream<Path> files = Files.walk(dataDirectory())) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the address of a path below the context path, such as {@code /v1/ns/instance}. */
    public URI url(String path) {
        return URI.create((encrypted() ? "https://" : "http://") + address() + "/nacos" + path);
    }

    /** Asks the process to stop (SIGTERM) and waits until it has. */
    public void stop() {
        running().destroy();
        awaitEnd();
    }

    /** Ends the process at once (SIGKILL). */
    public void kill() {
        running().destroyForcibly();
        awaitEnd();
    }

    /** Stands the process still (SIGSTOP), as a long collection does, or a virtual machine that is moved. */
    public void pause() {
        signal("STOP");
        paused = true;
    }

    /** Lets the process go on (SIGCONT); it need not stand still. */
    public void resume() {
        signal("CONT");
        paused = false;
    }

    /** Tells whether the process is there. */
    public boolean isAlive() {
        return process != null && process.isAlive();
    }

    /** Tells whether the process is there and does not stand still. */
    public boolean isRunning() {
        return isAlive() && !paused;
    }

    /** Waits until the process has ended by itself, and returns its status. */
    public int awaitExit() {
        try {
            if (!running().waitFor(START_MAX.toSeconds(), TimeUnit.SECONDS)) {
                throw new IllegalStateException("did not end within " + START_MAX + "\n" + log());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        return running().exitValue();
    }

    /** Returns what the process has printed so far. */
    public String log() {
        try {
            return Files.exists(logFile()) ? Files.readString(logFile()) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns how many bytes of the heap are used after everything unreachable is gone. */
    public long heapAfterCollection() {
        jcmd("GC.run");
        Matcher used = HEAP_USED.matcher(jcmd("GC.heap_info").split("Metaspace", 2)[0]);
        long sum = 0;
        while (used.find()) {
            sum += Long.parseLong(used.group(1)) * 1024;
        }
        if (sum == 0) {
            throw new AssertionError("jcmd GC.heap_info says nothing of the heap that is used");
        }
        return sum;
    }

    private String jcmd(String command) {
        try {
            Process process = new ProcessBuilder(
                            System.getProperty("java.home") + "/bin/jcmd", Long.toString(pid()), command)
                    .redirectErrorStream(true)
                    .start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new AssertionError("jcmd " + command + ": " + output);
            }
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        if (process != null && process.isAlive()) {
            kill();
        }
    }

    /** Returns where what the process prints is kept. */
    public Path logFile() {
        return directory.resolve("server.log");
    }

    private boolean encrypted() {
        return options.contains("--registry.tls.http=required");
    }

    private Process running() {
        if (process == null) {
            throw new IllegalStateException("never started");
        }
        return process;
    }

    private void signal(String name) {
        try {
            // Of the shell, which each system has.
            Process kill = new ProcessBuilder("sh", "-c", "kill -" + name + " " + pid())
                    .inheritIO()
                    .start();
            if (kill.waitFor() != 0) {
                throw new IllegalStateException("kill -" + name + " " + pid() + ": " + kill.exitValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private void awaitEnd() {
        try {
            if (!running().waitFor(30, TimeUnit.SECONDS)) {
                running().destroyForcibly();
                throw new IllegalStateException("did not stop within 30 s\n" + log());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
