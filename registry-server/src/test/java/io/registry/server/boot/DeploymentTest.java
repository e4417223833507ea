package io.registry.server.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The files in {@code docker/}, held against the settings that the server takes, its ports and its paths. */
class DeploymentTest {

    private static final Path DIRECTORY = Path.of("..", "docker");
    private static final String SECRET = "a secret of the tests";
    private static final String READINESS = "/nacos/actuator/health/readiness";
    private static final String LIVENESS = "/nacos/actuator/health/liveness";

    @Test
    void composeStartsThreeMembersThatKnowEachOther() {
        Map<String, Object> services = map(compose(), "services");

        assertThat(services).hasSize(3);
        services.forEach((name, service) -> {
            RegistryProperties node = properties(strings(map(service, "environment"), Map.of()));
            assertThat(node.cluster().advertise()).isEqualTo(name + ":8848");
            assertThat(node.cluster().alone()).isFalse();
            assertThat(node.cluster().secret()).isEqualTo(SECRET);
            assertThat(node.address().isAnyLocalAddress()).isTrue();
        });
    }

    @Test
    void composePublishesTheGrpcPortWhereClientsLookForIt() {
        Map<String, Object> services = map(compose(), "services");

        services.forEach((name, service) -> {
            List<String> ports =
                    list(service, "ports").stream().map(String::valueOf).toList();
            assertThat(ports).hasSize(2).allMatch(port -> port.startsWith("127.0.0.1:"));
            int[] http = numbers(ports.get(0).substring("127.0.0.1:".length()));
            int[] grpc = numbers(ports.get(1).substring("127.0.0.1:".length()));
            assertThat(http[1]).isEqualTo(RegistryProperties.PORT);
            assertThat(grpc).as(name).containsExactly(http[0] + 1000, http[1] + 1000);
        });
    }

    @Test
    void composeKeepsTheDataOfEachNodeApart() {
        Map<String, Object> compose = compose();
        List<String> volumes = map(compose, "services").values().stream()
                .flatMap(service -> list(service, "volumes").stream())
                .map(String::valueOf)
                .toList();

        assertThat(volumes)
                .doesNotHaveDuplicates()
                .allMatch(volume -> volume.endsWith(":" + imageVariables().get("REGISTRY_DATA_DIR")));
        assertThat(volumes.stream().map(volume -> volume.substring(0, volume.indexOf(':'))))
                .containsExactlyElementsOf(map(compose, "volumes").keySet());
    }

    @Test
    void eachPodIsAMemberUnderTheNameThatTheServiceRecordsHave() {
        Map<String, Object> set = kubernetes("StatefulSet", "registry");
        Map<String, Object> spec = map(set, "spec");
        Map<String, Object> service = kubernetes("Service", String.valueOf(spec.get("serviceName")));

        Map<String, String> variables =
                strings(environment(container(set)), Map.of("POD_NAME", "registry-0", "POD_NAMESPACE", "shop"));
        RegistryProperties node = properties(variables);

        String domain = spec.get("serviceName") + ".shop.svc.cluster.local";
        assertThat(node.cluster().advertise()).isEqualTo("registry-0." + domain + ":8848");
        assertThat(variables.get("REGISTRY_CLUSTER_DNS")).isEqualTo("_http._tcp." + domain);
        assertThat(variables.get("REGISTRY_CLUSTER_EXPECT")).isEqualTo(String.valueOf(spec.get("replicas")));
        assertThat(map(service, "spec"))
                .as("found before they are ready, each by its own name")
                .containsEntry("publishNotReadyAddresses", true)
                .containsEntry("clusterIP", "None");
        assertThat(spec)
                .as("none of them is ready until all are there")
                .containsEntry("podManagementPolicy", "Parallel");
    }

    @Test
    void portsOfThePodsAreThoseOfTheServer() {
        RegistryProperties node = properties(Map.of());
        Map<String, Object> set = kubernetes("StatefulSet", "registry");
        Map<String, Object> expected = new LinkedHashMap<>();
        expected.put("http", node.port());
        expected.put("grpc", node.grpc().sdkPort());
        expected.put("raft", node.raft().port());
        expected.put("cluster", node.grpc().clusterPort());

        assertThat(ports(container(set), "containerPort")).isEqualTo(expected);
        assertThat(ports(map(kubernetes("Service", "registry-peers"), "spec"), "port"))
                .isEqualTo(expected);
        assertThat(expected).containsAllEntriesOf(ports(map(kubernetes("Service", "registry"), "spec"), "port"));
        assertThat(instruction("EXPOSE").split(" ", -1))
                .containsExactlyInAnyOrderElementsOf(
                        expected.values().stream().map(String::valueOf).toList());
    }

    @Test
    void probesAskTheServersOwnPaths() {
        Map<String, Object> container = container(kubernetes("StatefulSet", "registry"));

        assertThat(probe(container, "startupProbe")).isEqualTo(LIVENESS);
        assertThat(probe(container, "livenessProbe")).isEqualTo(LIVENESS);
        assertThat(probe(container, "readinessProbe")).isEqualTo(READINESS);
        assertThat(read("ready")).contains("GET " + READINESS + " ");
        assertThat(instruction("HEALTHCHECK")).endsWith("CMD [\"bin/ready\"]");
    }

    @Test
    void podsAndImageRunAsTheSameUserWhichIsNotRoot() {
        Map<String, Object> pod = map(map(map(kubernetes("StatefulSet", "registry"), "spec"), "template"), "spec");
        String user = instruction("USER");

        assertThat(user).matches("[1-9]\\d*:[1-9]\\d*");
        Map<String, Object> security = map(pod, "securityContext");
        assertThat(security.get("runAsUser") + ":" + security.get("runAsGroup")).isEqualTo(user);
        assertThat(security).containsEntry("runAsNonRoot", true);
    }

    @Test
    void podsKeepTheirDataWhereTheImageHasIt() {
        Map<String, Object> set = kubernetes("StatefulSet", "registry");
        Object mount = list(container(set), "volumeMounts").get(0);
        Object claim = list(map(set, "spec"), "volumeClaimTemplates").get(0);

        assertThat(map(mount))
                .containsEntry("mountPath", imageVariables().get("REGISTRY_DATA_DIR"))
                .containsEntry("name", map(claim, "metadata").get("name"));
        assertThat(instruction("VOLUME")).isEqualTo(imageVariables().get("REGISTRY_DATA_DIR"));
    }

    @Test
    void theImageIsMadeOfWhatTheBuildMakes() {
        List<String> copied = read("Dockerfile")
                .lines()
                .filter(line -> line.startsWith("COPY "))
                .map(line -> line.split(" ", -1)[2])
                .toList();

        assertThat(copied)
                .containsExactlyInAnyOrder(
                        "registry-server/target/registry-server.jar",
                        "registry-server/target/bin/registry",
                        "docker/ready");
        assertThat(read("Dockerfile.dockerignore").lines())
                .containsExactlyInAnyOrderElementsOf(
                        Stream.concat(Stream.of("**"), copied.stream().map(path -> "!" + path))
                                .toList());
    }

    /** Reads the settings of a container: those of the image, and its own. */
    private static RegistryProperties properties(Map<String, String> variables) {
        Map<String, Object> all = new LinkedHashMap<>(imageVariables());
        all.putAll(variables);
        all.putIfAbsent("REGISTRY_ACCESS_CLIENTS", "open");
        StandardEnvironment environment = new StandardEnvironment();
        environment.getPropertySources().remove(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME);
        environment.getPropertySources().remove(StandardEnvironment.SYSTEM_PROPERTIES_PROPERTY_SOURCE_NAME);
        environment.getPropertySources().addFirst(new SystemEnvironmentPropertySource("container", all));
        return RegistryProperties.of(environment);
    }

    private static Map<String, Object> imageVariables() {
        Map<String, Object> variables = new LinkedHashMap<>();
        for (String each : instruction("ENV").split("(?<!\\s)\\s+(?=[A-Z_]+=)", -1)) {
            int at = each.indexOf('=');
            variables.put(
                    each.substring(0, at).strip(),
                    each.substring(at + 1).replace("\"", "").strip());
        }
        return variables;
    }

    /** Returns what follows the one instruction of that name. */
    private static String instruction(String name) {
        String whole = read("Dockerfile").replace("\\\n", " ");
        List<String> found = whole.lines()
                .filter(line -> line.startsWith(name + " "))
                .map(line -> line.substring(name.length() + 1).strip())
                .toList();
        assertThat(found).as(name).hasSize(1);
        return found.get(0);
    }

    private static Map<String, Object> compose() {
        String text = read("compose.yaml")
                .replaceAll("\\$\\{REGISTRY_CLUSTER_SECRET:\\?[^}]*}", SECRET)
                .replace("${REGISTRY_ACCESS_ADMIN_PASSWORD:-}", "\"\"");
        return map(documents(text).get(0));
    }

    private static Map<String, Object> kubernetes(String kind, String name) {
        List<Map<String, Object>> found = new ArrayList<>();
        for (Object document : documents(read("kubernetes.yaml"))) {
            if (kind.equals(map(document).get("kind"))
                    && name.equals(map(document, "metadata").get("name"))) {
                found.add(map(document));
            }
        }
        assertThat(found).as(kind + " " + name).hasSize(1);
        return found.get(0);
    }

    private static Map<String, Object> container(Map<String, Object> set) {
        return map(list(map(map(map(set, "spec"), "template"), "spec"), "containers")
                .get(0));
    }

    private static Map<String, Object> environment(Map<String, Object> container) {
        Map<String, Object> variables = new LinkedHashMap<>();
        for (Object each : list(container, "env")) {
            Map<String, Object> variable = map(each);
            if (variable.containsKey("value")) {
                variables.put(String.valueOf(variable.get("name")), variable.get("value"));
            } else if (map(variable, "valueFrom").containsKey("secretKeyRef")) {
                variables.put(String.valueOf(variable.get("name")), SECRET);
            }
        }
        return variables;
    }

    private static Map<String, String> strings(Map<String, Object> variables, Map<String, String> references) {
        Map<String, String> resolved = new LinkedHashMap<>();
        variables.forEach((name, value) -> {
            Matcher reference = Pattern.compile("\\$\\((\\w+)\\)").matcher(String.valueOf(value));
            resolved.put(name, reference.replaceAll(match -> {
                assertThat(references).containsKey(match.group(1));
                return references.get(match.group(1));
            }));
        });
        return resolved;
    }

    private static Map<String, Object> ports(Map<String, Object> of, String field) {
        Map<String, Object> ports = new LinkedHashMap<>();
        list(of, "ports")
                .forEach(each -> ports.put(
                        String.valueOf(map(each).get("name")), map(each).get(field)));
        return ports;
    }

    private static String probe(Map<String, Object> container, String name) {
        Map<String, Object> get = map(map(container, name), "httpGet");
        assertThat(get).containsEntry("port", "http");
        return String.valueOf(get.get("path"));
    }

    private static int[] numbers(String ports) {
        String[] both = ports.split(":", -1);
        return new int[] {Integer.parseInt(both[0]), Integer.parseInt(both[1])};
    }

    private static List<Object> documents(String yaml) {
        List<Object> documents = new ArrayList<>();
        new Yaml(new SafeConstructor(new LoaderOptions())).loadAll(yaml).forEach(documents::add);
        return documents;
    }

    private static Map<String, Object> map(Object parent, String field) {
        return map(value(parent, field));
    }

    private static List<Object> list(Object parent, String field) {
        return new ArrayList<>((List<?>) value(parent, field));
    }

    private static Object value(Object parent, String field) {
        return Objects.requireNonNull(map(parent).get(field), field + " of " + parent);
    }

    private static Map<String, Object> map(Object value) {
        assertThat(value).isInstanceOf(Map.class);
        Map<String, Object> map = new LinkedHashMap<>();
        ((Map<?, ?>) value).forEach((key, each) -> map.put(String.valueOf(key), each));
        return map;
    }

    private static String read(String file) {
        try {
            return Files.readString(DIRECTORY.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
