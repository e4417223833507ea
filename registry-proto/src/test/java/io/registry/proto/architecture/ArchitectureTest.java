package io.registry.proto.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ArchitectureTest {

    private static final JavaClasses MODULE = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.registry.proto");

    static Stream<ArchRule> rules() {
        return Stream.of(
                slices().matching("io.registry.proto.(*)..").should().beFreeOfCycles(),
                classes()
                        .should()
                        .onlyDependOnClassesThat()
                        .resideInAnyPackage(
                                "io.registry.proto..",
                                "io.registry.api..",
                                "java..",
                                "io.grpc..",
                                "tools.jackson.core..",
                                "org.jspecify.."),
                noClasses()
                        .that()
                        .resideOutsideOfPackage("io.registry.proto.envelope")
                        .should()
                        .dependOnClassesThat()
                        .resideInAPackage("io.grpc.."),
                noClasses()
                        .that()
                        .resideOutsideOfPackage("io.registry.proto.codec")
                        .should()
                        .dependOnClassesThat()
                        .resideInAPackage("tools.jackson.."),
                noClasses()
                        .that()
                        .resideInAnyPackage("io.registry.proto.payload", "io.registry.proto.http")
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(
                                "io.registry.proto.envelope", "io.registry.proto.json", "io.registry.proto.codec"),
                fields().that().areStatic().should().beFinal(),
                methods().should().notHaveName("getInstance"));
    }

    @ParameterizedTest
    @MethodSource("rules")
    void theModuleKeeps(ArchRule rule) {
        rule.check(MODULE);
    }

    /** The canary: a rule that is known to be broken must be reported, or none of the others means anything. */
    @Test
    void aBrokenRuleIsReported() {
        ArchRule broken = noClasses()
                .that()
                .resideInAPackage("io.registry.proto.codec")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("tools.jackson..");

        assertThat(MODULE).isNotEmpty();
        assertThatThrownBy(() -> broken.check(MODULE))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("BodyParser");
    }
}
