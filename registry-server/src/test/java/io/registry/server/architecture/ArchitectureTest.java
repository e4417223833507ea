package io.registry.server.architecture;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameEndingWith;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.properties.HasName;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Who may name whom in the server, and where time, threads and chance come from. Every rule is also held against planted
 * offences, and every exception against what it excuses.
 */
class ArchitectureTest {

    private static final String SERVER = "io.registry.server.";

    /**
     * The system's clock; when the process began; how long a turn took; how long a body and a stop may take; the date that
     * an error page shows.
     */
    private static final Set<String> TELL_TIME = Set.of(
            SERVER + "boot.SystemClock",
            SERVER + "boot.HttpWiring",
            SERVER + "core.loop.RegistryLoop",
            SERVER + "http.ErrorPage",
            SERVER + "grpc.SdkServer");

    /** The stop of the port waits for clients to go, on the thread that stops the process. */
    private static final Set<String> SLEEP = Set.of(SERVER + "grpc.SdkServer");

    private static final Set<String> MAKE_THREADS = Set.of(SERVER + "boot.NodeThreads");

    /**
     * The ids of a node and of a namespace, which are made once and kept; the id that follows from the name of a cluster,
     * which only looks like one made by chance; what makes each connection between members one of its kind; passwords and
     * keys.
     */
    private static final Set<String> ROLL_DICE = Set.of(
            SERVER + "node.NodeIdentity",
            SERVER + "http.ops.NamespaceRoutes",
            SERVER + "raft.RaftMember",
            SERVER + "secret.PeerSecret",
            SERVER + "access.Secrets");

    /** A command of the command line, which has no log; what is shown once and must be in no log. */
    private static final Set<String> PRINT = Set.of(SERVER + "command.BackupCommand", SERVER + "boot.AccessWiring");

    private static final JavaClasses MODULE = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.registry.server");

    private static final JavaClasses OFFENDERS = new ClassFileImporter()
            .importPackages(
                    SERVER + "core.offence",
                    SERVER + "http.offence",
                    SERVER + "grpc.offence",
                    SERVER + "raft.offence",
                    SERVER + "peer.offence",
                    SERVER + "boot.offence");

    static Stream<ArchRule> rules() {
        return Stream.of(packages(), code(), places()).flatMap(each -> each);
    }

    private static Stream<ArchRule> packages() {
        return Stream.of(
                classes()
                        .that()
                        .resideInAPackage(SERVER + "core..")
                        .should()
                        .onlyDependOnClassesThat()
                        .resideInAnyPackage(
                                SERVER + "core..",
                                "io.registry.api..",
                                "io.registry.distro..",
                                "io.registry.proto.json..",
                                "java..",
                                "org.slf4j..",
                                "org.pcollections..",
                                "org.jspecify..")
                        .as("the core is plain Java"),
                onlyIn("org.springframework..", "boot..", "access.."),
                onlyIn("io.grpc..", "grpc..", "health..", "peer..", "sockets.."),
                onlyIn("jakarta.servlet..", "http..", "peer.http..", "boot.."),
                onlyIn("tools.jackson..", "http.."),
                onlyIn("io.micrometer..", "metrics..", "boot.."),
                onlyIn("org.apache.ratis..", "raft.."),
                onlyIn(SERVER + "raft..", "raft..", "boot.."),
                onlyIn(SERVER + "boot..", "boot.."),
                onlyIn(SERVER + "grpc..", "grpc..", "boot.."),
                onlyIn(SERVER + "peer..", "peer..", "boot.."),
                onlyIn(SERVER + "http..", "http..", "boot.."),
                slices().matching("io.registry.server.(**)").should().beFreeOfCycles());
    }

    private static Stream<ArchRule> code() {
        return Stream.of(
                fields().that().areStatic().should().beFinal().as("no static field that changes"),
                noFields()
                        .that()
                        .areStatic()
                        .should()
                        .haveRawType(DescribedPredicate.describe(
                                "of java.util.concurrent",
                                type -> type.getPackageName().startsWith("java.util.concurrent")
                                        && !type.isEquivalentTo(TimeUnit.class)))
                        .as("no static field that holds what changes"),
                methods().should().notHaveName("getInstance").as("no singleton"),
                methods().should().notHaveModifier(JavaModifier.SYNCHRONIZED).as("no monitor"),
                noFields()
                        .should()
                        .beAnnotatedWith("org.springframework.beans.factory.annotation.Autowired")
                        .orShould()
                        .beAnnotatedWith("org.springframework.beans.factory.annotation.Value")
                        .as("no field injection"),
                noClasses()
                        .should()
                        .haveNameMatching(".*(Impl|Utils?|Helper|Holder|Processor|DTO|V2)")
                        .as("no name that says nothing"));
    }

    private static Stream<ArchRule> places() {
        return Stream.of(time(TELL_TIME), sleep(SLEEP), threads(MAKE_THREADS), chance(ROLL_DICE), output(PRINT));
    }

    private static ArchRule output(Set<String> excused) {
        return noClasses()
                .that(areNot(excused))
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .as("no output but the log's");
    }

    private static ArchRule time(Set<String> excused) {
        return noClasses()
                .that(areNot(excused))
                .should()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethodWhere(target(owner(startingWith("java.time."))).and(target(name("now"))))
                .as("the time comes in through a port");
    }

    private static ArchRule sleep(Set<String> excused) {
        return noClasses()
                .that(areNot(excused))
                .should()
                .callMethodWhere(
                        target(owner(named(Thread.class, TimeUnit.class))).and(target(name("sleep"))))
                .as("nobody sleeps");
    }

    private static ArchRule threads(Set<String> excused) {
        return noClasses()
                .that(areNot(excused))
                .should()
                .callConstructorWhere(target(owner(named(Thread.class))))
                .orShould()
                .callMethodWhere(target(owner(named(Executors.class, ForkJoinPool.class))))
                .orShould()
                .callMethodWhere(onTheCommonPool())
                .as("threads are made in one place");
    }

    private static ArchRule chance(Set<String> excused) {
        return noClasses()
                .that(areNot(excused))
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(
                        java.util.UUID.class,
                        java.util.Random.class,
                        java.security.SecureRandom.class,
                        java.util.concurrent.ThreadLocalRandom.class)
                .as("nothing is left to chance");
    }

    @ParameterizedTest
    @MethodSource("rules")
    void theServerKeeps(ArchRule rule) {
        rule.check(MODULE);
    }

    /** A rule that no longer sees anything would pass for ever; so each must object to the planted offences. */
    @ParameterizedTest
    @MethodSource("rules")
    void theOffendersDoNotKeep(ArchRule rule) {
        assertThat(OFFENDERS).hasSizeGreaterThan(3);

        assertThatThrownBy(() -> rule.check(OFFENDERS))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(".offence.");
    }

    @Test
    void whoIsExcusedHasAReason() {
        assertReasons(TELL_TIME, time(Set.of()));
        assertReasons(SLEEP, sleep(Set.of()));
        assertReasons(MAKE_THREADS, threads(Set.of()));
        assertReasons(ROLL_DICE, chance(Set.of()));
        assertReasons(PRINT, output(Set.of()));
    }

    private static void assertReasons(Set<String> excused, ArchRule rule) {
        assertThatThrownBy(() -> rule.check(MODULE))
                .isInstanceOf(AssertionError.class)
                .satisfies(e -> assertThat(e.getMessage()).contains(excused));
    }

    /** Returns the rule that types of a package are named in some packages of the server only. */
    private static ArchRule onlyIn(String what, String... packages) {
        String[] allowed = Stream.of(packages).map(each -> SERVER + each).toArray(String[]::new);
        return noClasses()
                .that()
                .resideOutsideOfPackages(allowed)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(what)
                .as(what + " is named in " + String.join(", ", packages) + " only");
    }

    private static DescribedPredicate<JavaClass> areNot(Set<String> excused) {
        return DescribedPredicate.describe(
                "are not " + excused, type -> !excused.contains(type.getName().replaceAll("\\$.*", "")));
    }

    private static DescribedPredicate<JavaCall<?>> onTheCommonPool() {
        return DescribedPredicate.describe(
                "runs on the common pool",
                call -> named(CompletableFuture.class).test(call.getTargetOwner())
                        && nameEndingWith("Async").test(call.getTarget())
                        && call.getTarget().getRawParameterTypes().stream()
                                .noneMatch(type -> type.isEquivalentTo(Executor.class)));
    }

    private static DescribedPredicate<HasName> startingWith(String start) {
        return DescribedPredicate.describe("of " + start, type -> type.getName().startsWith(start));
    }

    private static DescribedPredicate<HasName> named(Class<?>... types) {
        return DescribedPredicate.describe(
                "one of " + Stream.of(types).map(Class::getSimpleName).toList(),
                type -> Stream.of(types).anyMatch(each -> each.getName().equals(type.getName())));
    }
}
