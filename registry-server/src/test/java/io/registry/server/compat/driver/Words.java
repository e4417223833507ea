package io.registry.server.compat.driver;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Lines of words: any text is a word, a list of words is a line, and so a line can be a word of another line. */
public final class Words {

    private Words() {}

    public static String join(List<String> words) {
        return words.stream().map(word -> URLEncoder.encode(word, UTF_8)).collect(Collectors.joining(" "));
    }

    public static String join(String... words) {
        return join(List.of(words));
    }

    public static List<String> split(String line) {
        if (line.isEmpty()) {
            return List.of();
        }
        return Arrays.stream(line.split(" ", -1))
                .map(word -> URLDecoder.decode(word, UTF_8))
                .toList();
    }
}
