package io.registry.server.compat;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.registry.server.compat.driver.ClientDriver;
import io.registry.server.compat.driver.Host;
import io.registry.server.compat.driver.Words;
import io.registry.server.testkit.Await;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A real client of some version in a process of its own.
 *
 * <p>Threading: for one test thread.
 */
final class NacosClient implements AutoCloseable {

    private static final Duration ANSWER_MAX = Duration.ofSeconds(60);

    private final Process process;
    private final BufferedWriter commands;
    private final BlockingQueue<List<String>> answers = new LinkedBlockingQueue<>();
    private final Map<String, List<List<String>>> events = new ConcurrentHashMap<>();
    private final Path directory;

    private NacosClient(Process process, Path directory) {
        this.process = process;
        this.directory = directory;
        this.commands = new BufferedWriter(process.outputWriter(UTF_8));
        Thread reader = new Thread(this::read, "client-" + process.pid());
        reader.setDaemon(true);
        reader.start();
    }

    /**
     * Starts a client and waits until it has been created.
     *
     * @param address where the server is, {@code host:port}
     * @param properties further client properties, each {@code name=value}
     */
    static NacosClient start(ClientVersion version, String address, String... properties) {
        try {
            Path directory = Files.createTempDirectory("client-" + version);
            NacosClient client = new NacosClient(launch(version, directory, address, properties), directory);
            client.awaitAnswer("start");
            return client;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Process launch(ClientVersion version, Path directory, String address, String... properties)
            throws IOException {
        String jars = MavenArtifacts.classPath(
                "nacos-client-" + version.artifactVersion(), """
                  <dependencies>
                    <dependency>
                      <groupId>com.alibaba.nacos</groupId>
                      <artifactId>nacos-client</artifactId>
                      <version>%s</version>
                    </dependency>
                    <dependency>
                      <!-- The oldest clients leave it to the application. -->
                      <groupId>org.slf4j</groupId>
                      <artifactId>slf4j-api</artifactId>
                      <version>1.7.36</version>
                    </dependency>
                  </dependencies>
                """.formatted(version.artifactVersion()));
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx160m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        command.addAll(List.of("-cp", ownClasses() + File.pathSeparator + jars));
        command.add("-Duser.home=" + directory);
        command.add("-DJM.LOG.PATH=" + directory.resolve("logs"));
        command.add("-DJM.SNAPSHOT.PATH=" + directory.resolve("snapshots"));
        command.add("-Dnacos.logging.default.config.enabled=false");
        // What a 1.x client gives as the address for pushes. Left to itself it takes that of the first network card.
        command.add("-Dcom.alibaba.nacos.client.naming.local.ip=127.0.0.1");
        command.add(ClientDriver.class.getName());
        command.add("serverAddr=" + address);
        command.addAll(Arrays.asList(properties));
        return new ProcessBuilder(command)
                .redirectError(directory.resolve("stderr").toFile())
                .start();
    }

    private static String ownClasses() {
        return new File(ClientDriver.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .getPath())
                .getAbsolutePath();
    }

    void register(String group, String service, Host host) {
        call("register", service, group, host.toWord());
    }

    void deregister(String group, String service, Host host) {
        call("deregister", service, group, host.toWord());
    }

    void registerAll(String group, String service, Collection<Host> hosts) {
        call(withHosts("batch-register", group, service, hosts));
    }

    void deregisterAll(String group, String service, Collection<Host> hosts) {
        call(withHosts("batch-deregister", group, service, hosts));
    }

    /** Asks the server; the result is ordered by address. */
    List<Host> query(String group, String service, String clusters) {
        return hosts(call("query", service, group, clusters));
    }

    /** As {@link #query}, only the instances of that health which are enabled and have a weight. */
    List<Host> select(String group, String service, String clusters, boolean healthy) {
        return hosts(call("select", service, group, clusters, String.valueOf(healthy)));
    }

    /** Picks a healthy instance at random. */
    Host pick(String group, String service) {
        return hosts(call("pick", service, group, "")).get(0);
    }

    /** @param name under which {@link #lists} tells what the listener was called with */
    void subscribe(String group, String service, String clusters, String name) {
        call("subscribe", service, group, clusters, name);
    }

    void unsubscribe(String group, String service, String clusters, String name) {
        call("unsubscribe", service, group, clusters, name);
    }

    void subscribeToDifferences(String group, String service, String name) {
        call("subscribe-differences", service, group, name);
    }

    /** Returns the number of services in the group and then the names on the page. */
    List<String> listServices(String group, int page, int size) {
        return call("list", group, String.valueOf(page), String.valueOf(size));
    }

    /** Returns the keys of the services that match now; what changes goes to {@link #events}. */
    List<String> fuzzyWatch(String groupPattern, String servicePattern, String name) {
        return call("fuzzy-watch", servicePattern, groupPattern, name);
    }

    String status() {
        return call("status").get(0);
    }

    /** Shuts the client down as an application does at its end; the process stays. */
    void shutDown() {
        call("shutdown");
    }

    /** Ends the process at once (SIGKILL). */
    void kill() {
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Returns what the listener of that name was called with so far, call by call. */
    List<List<String>> events(String name) {
        return List.copyOf(events.getOrDefault(name, List.of()));
    }

    /** Returns the lists of instances that the listener of that name was called with so far. */
    List<List<Host>> lists(String name) {
        return events(name).stream().map(NacosClient::hosts).toList();
    }

    /** Waits until the listener's last list is this one. */
    void awaitList(String name, Duration max, Host... hosts) {
        List<Host> expected = Stream.of(hosts).sorted().toList();
        try {
            Await.until(name + " is told " + expected, max, () -> {
                List<List<Host>> lists = lists(name);
                return !lists.isEmpty() && lists.get(lists.size() - 1).equals(expected);
            });
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + ", was told " + lists(name), e);
        }
    }

    @Override
    public void close() {
        kill();
    }

    private List<String> call(String... words) {
        return call(List.of(words));
    }

    private List<String> call(List<String> words) {
        try {
            commands.write(Words.join(words));
            commands.newLine();
            commands.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("the client is gone\n" + errors(), e);
        }
        return awaitAnswer(String.join(" ", words));
    }

    private List<String> awaitAnswer(String question) {
        try {
            List<String> answer = answers.poll(ANSWER_MAX.toMillis(), TimeUnit.MILLISECONDS);
            if (answer == null || !answer.get(0).equals("ok")) {
                throw new ClientFailure(question + ": " + (answer == null ? "no answer" : answer) + "\n" + errors());
            }
            return answer.subList(1, answer.size());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private void read() {
        try (BufferedReader lines = process.inputReader(UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                List<String> words = Words.split(line);
                if (words.get(0).equals("event")) {
                    events.computeIfAbsent(words.get(1), name -> new CopyOnWriteArrayList<>())
                            .add(words.subList(2, words.size()));
                } else {
                    answers.add(words);
                }
            }
        } catch (IOException e) {
            // The process was killed.
        }
        answers.add(List.of("gone"));
    }

    private String errors() {
        try {
            String all = Files.readString(directory.resolve("stderr"));
            return all.substring(Math.max(0, all.length() - 4000));
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static List<String> withHosts(String command, String group, String service, Collection<Host> hosts) {
        return Stream.concat(Stream.of(command, service, group), hosts.stream().map(Host::toWord))
                .toList();
    }

    private static List<Host> hosts(List<String> words) {
        return words.stream().map(Host::parse).sorted().toList();
    }

    /** The client refused or failed to do what it was told. */
    static final class ClientFailure extends RuntimeException {

        ClientFailure(String message) {
            super(message);
        }
    }
}
