package io.registry.server.compat;

import io.registry.server.compat.driver.ClientDriver;
import io.registry.server.compat.driver.Host;
import io.registry.server.compat.driver.SdkDriver;
import io.registry.server.testkit.Await;
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
import java.util.stream.Stream;

/**
 * A real client in a process of its own.
 *
 * <p>Threading: for one test thread.
 */
final class NacosClient implements AutoCloseable {

    private final DrivenProcess process;

    private NacosClient(DrivenProcess process) {
        this.process = process;
    }

    /**
     * Starts a Java client and waits until it has been created.
     *
     * @param address where the server is, {@code host:port}
     * @param properties further client properties, each {@code name=value}
     */
    static NacosClient start(ClientVersion version, String address, String... properties) {
        Path directory = newDirectory("client-" + version);
        return new NacosClient(DrivenProcess.start(directory, command(version, directory, address, properties)));
    }

    /**
     * Starts this project's SDK with other things on its class path, before its own.
     *
     * @param first jars, as a class path has them
     */
    static NacosClient startSdkBehind(String first, String address) {
        Path directory = newDirectory("client-sdk");
        List<String> command = javaCommand(directory);
        command.addAll(List.of("-cp", first + File.pathSeparator + System.getProperty("java.class.path")));
        command.add(SdkDriver.class.getName());
        command.add("serverAddr=" + address);
        return new NacosClient(DrivenProcess.start(directory, command));
    }

    /** Starts the client for Node and waits until it is ready. */
    static NacosClient startNode(String version, String address) {
        Path installed = NpmPackages.install("nacos", version);
        List<String> command = List.of("node", installed.resolve("driver.js").toString(), address);
        return new NacosClient(DrivenProcess.start(newDirectory("client-node"), command));
    }

    private static Path newDirectory(String prefix) {
        try {
            return Files.createTempDirectory(prefix);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> command(ClientVersion version, Path directory, String address, String... properties) {
        List<String> command = javaCommand(directory);
        if (version.isSdk()) {
            command.addAll(List.of("-cp", System.getProperty("java.class.path")));
            command.add(SdkDriver.class.getName());
        } else {
            foreign(command, version, directory);
        }
        command.add("serverAddr=" + address);
        command.addAll(Arrays.asList(properties));
        return command;
    }

    private static List<String> javaCommand(Path directory) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx160m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        command.add("-Duser.home=" + directory);
        return command;
    }

    /** Returns the jars of a released client, as a class path has them. */
    static String classPath(ClientVersion version) {
        return MavenArtifacts.classPath(
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
    }

    private static void foreign(List<String> command, ClientVersion version, Path directory) {
        command.addAll(List.of("-cp", ownClasses() + File.pathSeparator + classPath(version)));
        command.add("-DJM.LOG.PATH=" + directory.resolve("logs"));
        command.add("-DJM.SNAPSHOT.PATH=" + directory.resolve("snapshots"));
        command.add("-Dnacos.logging.default.config.enabled=false");
        // What a 1.x client gives as the address for pushes. Left to itself it takes that of the first network card.
        command.add("-Dcom.alibaba.nacos.client.naming.local.ip=127.0.0.1");
        command.add(ClientDriver.class.getName());
    }

    /** Returns where the drivers' classes are. */
    static String ownClasses() {
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
        process.call(withHosts("batch-register", group, service, hosts));
    }

    void deregisterAll(String group, String service, Collection<Host> hosts) {
        process.call(withHosts("batch-deregister", group, service, hosts));
    }

    /** Asks the server; the result is ordered by address. */
    List<Host> query(String group, String service, String clusters) {
        return hosts(call("query", service, group, clusters, "false"));
    }

    /** As {@link #query}, and the client follows the service from now on and answers from what it knows. */
    List<Host> queryAndFollow(String group, String service, String clusters) {
        return hosts(call("query", service, group, clusters, "true"));
    }

    /** As {@link #query}, only the instances of that health which are enabled and have a weight. */
    List<Host> select(String group, String service, String clusters, boolean healthy) {
        return hosts(call("select", service, group, clusters, String.valueOf(healthy), "false"));
    }

    /** As {@link #select}, and the client follows the service from now on and answers from what it knows. */
    List<Host> selectAndFollow(String group, String service, String clusters, boolean healthy) {
        return hosts(call("select", service, group, clusters, String.valueOf(healthy), "true"));
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
        process.kill();
    }

    /** Returns what the listener of that name was called with so far, call by call. */
    List<List<String>> events(String name) {
        return process.events(name);
    }

    /** Returns the lists of instances that the listener of that name was called with so far. */
    List<List<Host>> lists(String name) {
        return events(name).stream().map(NacosClient::hosts).toList();
    }

    /** Waits until the listener of that name was called with this, among other things. */
    void awaitEvent(String name, Duration max, List<String> event) {
        try {
            Await.until(name + " is told " + event, max, () -> events(name).contains(event));
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + ", was told " + events(name), e);
        }
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
        return process.call(words);
    }

    private static List<String> withHosts(String command, String group, String service, Collection<Host> hosts) {
        return Stream.concat(Stream.of(command, service, group), hosts.stream().map(Host::toWord))
                .toList();
    }

    private static List<Host> hosts(List<String> words) {
        return words.stream().map(Host::parse).sorted().toList();
    }
}
