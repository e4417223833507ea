package io.registry.client.architecture;

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
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ArchitectureTest {

    private static final String CLIENT = "io.registry.client";

    private static final JavaClasses MODULE = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(CLIENT);

    static Stream<ArchRule> rules() {
        return Stream.of(
                slices().matching(CLIENT + ".(*)..").should().beFreeOfCycles(),
                classes()
                        .that()
                        .resideOutsideOfPackage(CLIENT + ".metrics")
                        .should()
                        .onlyDependOnClassesThat()
                        .resideInAnyPackage(
                                CLIENT + "..",
                                "io.registry.proto..",
                                "io.registry.api..",
                                "java..",
                                "javax.net.ssl..",
                                "io.grpc..",
                                "org.slf4j..",
                                "org.jspecify..")
                        .as("the SDK needs nothing that applications bring themselves"),
                noClasses()
                        .that()
                        .resideOutsideOfPackage(CLIENT + ".metrics")
                        .should()
                        .dependOnClassesThat()
                        .resideInAPackage(CLIENT + ".metrics")
                        .as("nothing leads to the classes of Micrometer but the application itself"),
                noClasses()
                        .that()
                        .resideOutsideOfPackages(CLIENT + ".grpc", CLIENT + ".runtime", CLIENT + ".tls")
                        .should()
                        .dependOnClassesThat()
                        .resideInAPackage("io.grpc..")
                        .as("the transport stays in its packages"),
                noClasses()
                        .that()
                        .resideOutsideOfPackage(CLIENT + ".runtime")
                        .should()
                        .callConstructorWhere(target(owner(named(Thread.class))))
                        .orShould()
                        .dependOnClassesThat()
                        .belongToAnyOf(java.util.concurrent.Executors.class, java.util.concurrent.ForkJoinPool.class)
                        .as("threads are made in one place"),
                noClasses()
                        .should()
                        .callMethodWhere(target(owner(named(Thread.class))).and(target(name("sleep"))))
                        .as("nobody sleeps"),
                fields().that().areStatic().should().beFinal().as("no static field that changes"),
                methods().should().notHaveName("getInstance"),
                methods().should().notHaveModifier(JavaModifier.SYNCHRONIZED));
    }

    @ParameterizedTest
    @MethodSource("rules")
    void theModuleKeeps(ArchRule rule) {
        rule.check(MODULE);
    }

    /** The canary: a rule that is known to be broken must be reported, or none of the others means anything. */
    @Test
    void aBrokenRuleIsReported() {
        ArchRule broken = noClasses().should().callConstructorWhere(target(owner(named(java.util.HashMap.class))));

        assertThat(MODULE).isNotEmpty();
        assertThatThrownBy(() -> broken.check(MODULE)).isInstanceOf(AssertionError.class);
    }

    private static DescribedPredicate<com.tngtech.archunit.core.domain.properties.HasName> named(Class<?> type) {
        return DescribedPredicate.describe(
                type.getSimpleName(), each -> each.getName().equals(type.getName()));
    }
}
