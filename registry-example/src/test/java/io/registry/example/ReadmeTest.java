package io.registry.example;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReadmeTest {

    private final Map<String, List<String>> commands = Repository.commands(Repository.PROGRAMS);

    @Test
    void showsACommandForEveryProgram() {
        assertThat(commands.keySet())
                .containsExactlyInAnyOrderElementsOf(
                        Examples.commands().getSubcommands().keySet());
    }

    @Test
    void showsACommandForBothApplicationsOfSpringBoot() {
        assertThat(Repository.commands(Repository.SPRING).keySet()).containsExactlyInAnyOrder("Greeter", "Visitor");
    }

    @Test
    void showsOptionsThatTheProgramsHave() {
        commands.forEach((program, words) -> assertThatCode(() -> Examples.commands()
                        .parseArgs(words.subList(3, words.size()).toArray(String[]::new)))
                .as("README: %s", String.join(" ", words))
                .doesNotThrowAnyException());
    }
}
