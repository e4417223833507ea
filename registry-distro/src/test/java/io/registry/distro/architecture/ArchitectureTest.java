package io.registry.distro.architecture;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.properties.HasName;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The same seed must give the same run in any process, so the module has no source of its own for anything else. */
class ArchitectureTest {

    private static final JavaClasses MODULE = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.registry.distro");

    private static final JavaClasses OFFENDERS = new ClassFileImporter().importPackages("io.registry.distro.offence");

    static Stream<ArchRule> rules() {
        return Stream.of(
                noClasses()
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(
                                "java.util.concurrent..", "java.net..", "java.nio.channels..", "java.security..")
                        .orShould()
                        .dependOnClassesThat()
                        .belongToAnyOf(
                                Thread.class,
                                ThreadLocal.class,
                                java.util.Timer.class,
                                java.time.Clock.class,
                                java.util.Random.class,
                                java.util.SplittableRandom.class,
                                java.util.UUID.class)
                        .as("no thread, executor, clock, network or randomness"),
                noClasses()
                        .should()
                        .callMethod(System.class, "currentTimeMillis")
                        .orShould()
                        .callMethod(System.class, "nanoTime")
                        .orShould()
                        .callMethod(Math.class, "random")
                        .orShould()
                        .callMethod(Object.class, "hashCode")
                        .orShould()
                        .callMethod(System.class, "identityHashCode", Object.class)
                        .orShould()
                        .callMethodWhere(target(owner(assignableToTime())).and(target(name("now"))))
                        .as("no time, randomness or identity but through a port"),
                noClasses()
                        .should()
                        .callConstructorWhere(target(owner(unordered())))
                        .orShould()
                        .callMethodWhere(target(owner(named(Map.class, Set.class)))
                                .and(target(name("of").or(name("ofEntries")).or(name("copyOf")))))
                        .orShould()
                        .callMethodWhere(target(owner(named(Collectors.class)))
                                .and(target(name("toMap").or(name("toSet")).or(name("groupingBy")))))
                        .as("no collection without a defined order"),
                classes()
                        .should()
                        .onlyDependOnClassesThat()
                        .resideInAnyPackage("io.registry.distro..", "java..", "org.slf4j..", "org.jspecify..")
                        .as("nothing but the module itself, the JDK, SLF4J and JSpecify"),
                slices().matching("io.registry.(**)").should().beFreeOfCycles(),
                fields().that().areStatic().should().beFinal().as("no static field that changes"),
                methods().should().notHaveName("getInstance").as("no singleton"));
    }

    @ParameterizedTest
    @MethodSource("rules")
    void theModuleKeeps(ArchRule rule) {
        rule.check(MODULE);
    }

    /** A rule that no longer sees anything would pass for ever; so each must object to the planted offences. */
    @ParameterizedTest
    @MethodSource("rules")
    void theOffendersDoNotKeep(ArchRule rule) {
        assertThat(OFFENDERS).hasSizeGreaterThan(1);

        assertThatThrownBy(() -> rule.check(OFFENDERS))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("io.registry.distro.offence");
    }

    private static DescribedPredicate<HasName> unordered() {
        return named(HashMap.class, HashSet.class, IdentityHashMap.class, WeakHashMap.class);
    }

    private static DescribedPredicate<HasName> assignableToTime() {
        return DescribedPredicate.describe(
                "of java.time", type -> type.getName().startsWith("java.time."));
    }

    private static DescribedPredicate<HasName> named(Class<?>... types) {
        return DescribedPredicate.describe(
                "one of " + Stream.of(types).map(Class::getSimpleName).toList(),
                type -> Stream.of(types).anyMatch(each -> each.getName().equals(type.getName())));
    }
}
