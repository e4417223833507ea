package io.registry.server.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What every file of the repository keeps to, where a program can see it. */
class TidyTest {

    private static final Path ROOT = root();
    private static final int LINES_MAX = 500;
    private static final Set<String> GENERATED = Set.of("target", ".git", "data", ".idea", "node_modules");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+)(#[^)]*)?\\)");

    /** In parts, so that this file does not hold what it looks for. */
    private static final List<String> UNWANTED =
            List.of("TO" + "DO", "FIX" + "ME", "/wo" + "rk/", "/tm" + "p/wt", "/home" + "/", "@au" + "thor");

    private static final List<Path> TEXTS =
            files(".java", ".md", ".xml", ".properties", ".jsonl", ".yml", ".yaml", ".sh", ".js", ".json", ".proto");

    @Test
    void theFilesAreSeen() {
        assertThat(TEXTS.stream().map(TidyTest::shown))
                .contains("README.md", "pom.xml", "docs/operations.md")
                .anyMatch(name -> name.startsWith("registry-api/src/main/java/"))
                .anyMatch(name -> name.startsWith("registry-server/src/test/resources/"));
        assertThat(TEXTS).hasSizeGreaterThan(300);
    }

    @Test
    void noSourceIsLong() {
        List<String> longer = new ArrayList<>();
        for (Path file : files(".java")) {
            int lines = read(file).split("\n", -1).length - 1;
            if (lines > LINES_MAX) {
                longer.add(shown(file) + ": " + lines + " lines (expected: at most " + LINES_MAX + ")");
            }
        }

        assertThat(longer).isEmpty();
    }

    @Test
    void nothingUnwantedIsMentioned() {
        List<String> found = new ArrayList<>();
        for (Path file : TEXTS) {
            String text = read(file);
            for (String word : UNWANTED) {
                int at = text.indexOf(word);
                if (at >= 0) {
                    found.add(shown(file) + ":" + (text.substring(0, at).lines().count() + 1) + ": " + word);
                }
            }
        }

        assertThat(found).isEmpty();
    }

    @Test
    void everyPackageSaysWhatItIsFor() {
        List<String> silent = new ArrayList<>();
        Set<Path> packages = new TreeSet<>();
        for (Path file : files(".java")) {
            if (file.toString().contains("/src/main/java/")) {
                packages.add(file.getParent());
            }
        }
        for (Path each : packages) {
            Path info = each.resolve("package-info.java");
            String text = Files.exists(info) ? read(info) : "";
            if (!text.startsWith("/**") || !text.contains("@NullMarked")) {
                silent.add(shown(each));
            }
        }

        assertThat(packages).hasSizeGreaterThan(20);
        assertThat(silent).isEmpty();
    }

    @Test
    void everyLinkOfThePagesLeadsSomewhere() {
        List<String> broken = new ArrayList<>();
        int links = 0;
        for (Path page : files(".md")) {
            Matcher link = LINK.matcher(read(page));
            while (link.find()) {
                links++;
                if (!Files.exists(page.resolveSibling(link.group(1)))) {
                    broken.add(shown(page) + ": " + link.group(1));
                }
            }
        }

        assertThat(links).isPositive();
        assertThat(broken).isEmpty();
    }

    private static Path root() {
        Path directory = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(directory.resolve("registry-api"))) {
            Path parent = directory.getParent();
            if (parent == null) {
                throw new IllegalStateException(
                        "no directory of the modules above " + Path.of("").toAbsolutePath());
            }
            directory = parent;
        }
        return directory;
    }

    private static List<Path> files(String... endings) {
        List<Path> found = new ArrayList<>();
        collect(ROOT, List.of(endings), found);
        return found;
    }

    private static void collect(Path directory, List<String> endings, List<Path> found) {
        try (Stream<Path> children = Files.list(directory)) {
            for (Path child : children.sorted().toList()) {
                String name = child.getFileName().toString();
                if (Files.isDirectory(child)) {
                    if (!GENERATED.contains(name)) {
                        collect(child, endings, found);
                    }
                } else if (endings.stream().anyMatch(name::endsWith)) {
                    found.add(child);
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException("cannot read " + directory, e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException("cannot read " + file, e);
        }
    }

    private static String shown(Path file) {
        return ROOT.relativize(file).toString();
    }
}
