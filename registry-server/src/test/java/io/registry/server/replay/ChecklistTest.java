package io.registry.server.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Each item of the two conformance checklists that concerns a node by itself is a row of the recordings, or named by a
 * test. Left out are those that need accounts (AUT, USR, V3U, A01 to A06), other nodes (DST, TIM-19, E06), or encryption
 * (C30, C31); those of real clients (E) are in the compatibility tests.
 */
class ChecklistTest {

    private static final List<String> HTTP = List.of(
            "HLT 1-7",
            "INS 1-16",
            "VAL 1-9,12-17,19-24,26-30,32-33,35",
            "LST 1-14,16-17",
            "GET 1-6",
            "STA 1,3-5",
            "BT 1-8,10-14",
            "UPD 1-13",
            "MTB 1-6",
            "DEL 1-9",
            "IDN 1-8",
            "MDP 1-10",
            "SVC 1-7,10-18,20-23,25-27,30,32-34,40-44,47",
            "CAT 2-3,5-10",
            "CLU 1-4,7,9-13",
            "PRT 1-5",
            "OPS 1-2,4-5,9-16,18-23,25-28,30,33,35-36",
            "ERR 1-6",
            "ODD 1-2,4-5,7-9,11-12,15,22,24",
            "V2I 1-9,11,13-14,16,20,22,24,26-27,32-37,39-40,43",
            "V2S 1-2,4,6-7,11-12,15-16",
            "V2C 1-4,6-7",
            "V2H 1",
            "V2O 3,5",
            "V2G 1",
            "NSP 1-4,6-10,13,16,20-22,24,26",
            "COR 1-2,4,7,9,16",
            "PRM 1,3-4,10",
            "V3H 1-3",
            "V3C 1-8,10,20-23,25-27",
            "V3A 1,3-6,8,10-12,20-23,25,28,32,40,42-43,45,47,50,61-62,70,72,74",
            "V3X 2,4,7",
            "V3K 1-3",
            "V3U 17",
            "TIM 1-3,5-7,9-10,12,14,16-17",
            "UDP 1-4",
            "UAG 1",
            "CLI 3,6,37");

    private static final List<String> GRPC = List.of("C 1-29,32-34", "R 1-30", "Q 1-9", "S 1-19", "F 1-10", "A 7-8");

    private static final Pattern NUMBER = Pattern.compile("\\b[A-Z][A-Z0-9]{1,2}-\\d{2}\\b");
    private static final Pattern TEST = Pattern.compile("void ([a-z]\\d{2})[A-Z]");

    @Test
    void everyItemOfTheHttpListIsARecordingOrNamedByATest() throws IOException {
        Set<String> shown = new TreeSet<>(named(NUMBER));
        try (Stream<Path> files = Files.list(Path.of("src/test/resources/replay"))) {
            for (Path file : files.toList()) {
                Recording.load(file.getFileName().toString(), 8848).forEach(row -> shown.add(row.id()));
            }
        }

        assertThat(HTTP.stream().flatMap(line -> items(line, "-"))).hasSize(382).allMatch(shown::contains);
    }

    @Test
    void everyItemOfTheGrpcListIsNamedByATest() throws IOException {
        Set<String> shown = named(TEST);

        assertThat(GRPC.stream().flatMap(line -> items(line.toLowerCase(Locale.ROOT), "")))
                .hasSize(102)
                .allMatch(shown::contains);
    }

    /** Returns what the sources of the tests name. */
    private static Set<String> named(Pattern pattern) throws IOException {
        Set<String> names = new TreeSet<>();
        try (Stream<Path> sources = Files.walk(Path.of("src/test/java"))) {
            for (Path source : sources.filter(Files::isRegularFile).toList()) {
                if (!source.endsWith("ChecklistTest.java")) {
                    pattern.matcher(Files.readString(source))
                            .results()
                            .forEach(hit -> names.add(hit.group(hit.groupCount())));
                }
            }
        }
        return names;
    }

    /** Reads {@code XYZ 1-3,7} as the numbers 01, 02, 03 and 07 of a group. */
    private static Stream<String> items(String line, String separator) {
        String group = line.substring(0, line.indexOf(' '));
        List<String> items = new ArrayList<>();
        for (String range : line.substring(line.indexOf(' ') + 1).split(",", -1)) {
            String[] ends = range.split("-", -1);
            int last = Integer.parseInt(ends[ends.length - 1]);
            for (int number = Integer.parseInt(ends[0]); number <= last; number++) {
                items.add(String.format(Locale.ROOT, "%s%s%02d", group, separator, number));
            }
        }
        return items.stream();
    }
}
