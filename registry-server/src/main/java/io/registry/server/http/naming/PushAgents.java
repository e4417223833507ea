package io.registry.server.http.naming;

import io.registry.server.core.persistent.Switches;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which clients can be pushed to over UDP: those whose agent names a client that listens, of a version from which on it
 * does. The versions are switches.
 */
final class PushAgents {

    private record Kind(String prefix, String switchEntry, String leastVersion) {}

    private static final List<Kind> KINDS = List.of(
            new Kind("Nacos-Java-Client", "pushJavaVersion", "0.1.0"),
            new Kind("Nacos-Go-Client", "pushGoVersion", "0.1.0"),
            new Kind("Nacos-DNS", "pushPythonVersion", "0.4.3"),
            new Kind("Nacos-C-Client", "pushCVersion", "1.0.12"),
            new Kind("vip-client4cpp", "pushCVersion", "1.0.12"),
            new Kind("Nacos-CSharp-Client", "pushCSharpVersion", "0.9.0"));

    private final Switches switches;

    PushAgents(Switches switches) {
        this.switches = switches;
    }

    /** Returns whether a client with this agent listens for pushes. */
    boolean listens(String agent) {
        for (Kind kind : KINDS) {
            if (agent.startsWith(kind.prefix())) {
                String least = switches.set(kind.switchEntry());
                return isAtLeast(version(agent), least == null ? kind.leastVersion() : least);
            }
        }
        return false;
    }

    private static @Nullable String version(String agent) {
        int mark = agent.indexOf(":v");
        return mark < 0 ? null : agent.substring(mark + 2);
    }

    static boolean isAtLeast(@Nullable String version, String least) {
        if (version == null || version.isEmpty() || !Character.isDigit(version.charAt(0))) {
            return false;
        }
        int at = 0;
        int atLeast = 0;
        for (int part = 0; part < 3; part++) {
            int have = number(version, at);
            int want = number(least, atLeast);
            if (have != want) {
                return have > want;
            }
            at = next(version, at);
            atLeast = next(least, atLeast);
        }
        return true;
    }

    /** Reads the digits from a position on; none mean 0, and more than an int holds are cut. */
    private static int number(String text, int from) {
        int number = 0;
        for (int i = from; i < text.length() && i < from + 9 && Character.isDigit(text.charAt(i)); i++) {
            number = number * 10 + Character.digit(text.charAt(i), 10);
        }
        return number;
    }

    private static int next(String text, int from) {
        int dot = text.indexOf('.', from);
        return dot < 0 ? text.length() : dot + 1;
    }
}
