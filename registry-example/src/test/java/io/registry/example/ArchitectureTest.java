package io.registry.example;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the modules beside the client may name: of the client, what applications may, and of the server nothing. */
class ArchitectureTest {

    /** A module and all the packages that it names. */
    private record Module(String name, List<String> packages) {

        static Module of(String name, String... packages) {
            return new Module(name, List.of(packages));
        }

        JavaClasses classes() {
            return new ClassFileImporter()
                    .importPath(Repository.root().resolve(name).resolve("target/classes"));
        }

        ArchRule rule() {
            return rule(packages);
        }

        /** Returns the rule that lacks one of the packages. */
        ArchRule without(String missing) {
            return rule(packages.stream().filter(each -> !each.equals(missing)).toList());
        }

        private ArchRule rule(List<String> allowed) {
            return ArchitectureTest.onlyNames(allowed).as(name + " names " + String.join(", ", allowed) + " only");
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private static ArchRule onlyNames(List<String> allowed) {
        return classes().should().onlyDependOnClassesThat().resideInAnyPackage(allowed.toArray(String[]::new));
    }

    static Stream<Module> modules() {
        return Stream.of(
                Module.of("registry-junit", "io.registry.junit", "org.junit.jupiter.api..", "java..", "org.jspecify.."),
                Module.of(
                        "registry-spring-boot-starter",
                        "io.registry.spring",
                        "io.registry.api..",
                        "io.registry.client",
                        "io.registry.client.metrics",
                        "io.micrometer.core.instrument.binder",
                        "org.springframework..",
                        "reactor..",
                        "java..",
                        "org.slf4j",
                        "org.jspecify.."),
                Module.of(
                        "registry-grpc-resolver",
                        "io.registry.grpc",
                        "io.registry.api..",
                        "io.registry.client",
                        "io.grpc",
                        "java..",
                        "org.slf4j",
                        "org.jspecify.."),
                Module.of(
                        "registry-example-spring-boot",
                        "io.registry.example.spring..",
                        "org.springframework..",
                        "jakarta.annotation",
                        "java..",
                        "org.slf4j",
                        "org.jspecify.."),
                Module.of(
                        "registry-example",
                        "io.registry.example",
                        "io.registry.api..",
                        "io.registry.client",
                        "picocli",
                        "org.HdrHistogram",
                        "com.sun.net.httpserver",
                        "java..",
                        "org.jspecify.."));
    }

    @ParameterizedTest
    @MethodSource("modules")
    void namesNothingElse(Module module) {
        module.rule().check(module.classes());
    }

    /** So a rule that sees nothing is noticed, and a permission that nobody needs. */
    @ParameterizedTest
    @MethodSource("modules")
    void namesAllOfThese(Module module) {
        JavaClasses classes = module.classes();

        assertThat(classes).isNotEmpty();
        for (String each : module.packages()) {
            assertThatThrownBy(() -> module.without(each).check(classes))
                    .as("%s does not name %s", module, each)
                    .isInstanceOf(AssertionError.class);
        }
    }
}
