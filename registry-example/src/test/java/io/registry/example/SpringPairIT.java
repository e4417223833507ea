package io.registry.example;

import static org.assertj.core.api.Assertions.assertThat;

import io.registry.junit.RegistryExtension;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The two applications of Spring Boot as processes, by the commands of the README and with another registry. */
class SpringPairIT {

    private static final Pattern GREETING = Pattern.compile("greeting on port (\\d+);");

    @RegisterExtension
    static final RegistryExtension SERVER = RegistryExtension.create();

    @Test
    void theVisitorCallsByNameWhileGreetersComeAndGo() {
        try (Child first = start("Greeter");
                Child second = start("Greeter");
                Child visitor = start("Visitor")) {
            visitor.awaitOutput(answer(first));
            visitor.awaitOutput(answer(second));

            first.stop();
            first.awaitEnd();
            try (Child third = start("Greeter")) {
                visitor.awaitOutput(answer(third));

                visitor.stop();
                visitor.awaitEnd();
                assertThat(visitor.output()).endsWith("failed: 0").doesNotContain("FAILED");
            }
        }
    }

    @Test
    void anApplicationThatIsNotThereIsSaid() {
        try (Child program = start("Greeter", "Greter")) {
            assertThat(program.awaitEnd()).as(program.output()).isEqualTo(2);
            assertThat(program.output()).contains("application: Greter (expected: Greeter or Visitor)");
        }
    }

    /** Returns what the visitor shows of a greeter's answers; the greeter has asked it for its name. */
    private static String answer(Child greeter) {
        greeter.awaitOutput("greeting on port");
        Matcher greeting = GREETING.matcher(greeter.output());
        assertThat(greeting.find()).as(greeter.output()).isTrue();
        return "hello visitor from " + greeting.group(1);
    }

    private static Child start(String application) {
        return start(application, application);
    }

    private static Child start(String application, String name) {
        List<String> command = new ArrayList<>(
                Objects.requireNonNull(Repository.commands(Repository.SPRING).get(application)));
        command.set(3, name);
        command.add("--registry.client.server-addr=" + SERVER.serverAddr());
        return Child.start(Repository.root(), command);
    }
}
