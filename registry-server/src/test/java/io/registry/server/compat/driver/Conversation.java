package io.registry.server.compat.driver;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

/**
 * What a driver and the test that started it say to each other, over the driver's input and output.
 *
 * <p>A line is a command and its arguments. Each is answered by one line, {@code ok} and the results or {@code failed}
 * and the reason; between answers come lines {@code event}, the name of the subscription, and what the listener got.
 */
final class Conversation {

    private final PrintStream out;

    private Conversation(PrintStream out) {
        this.out = out;
    }

    /** What a driver does. */
    interface Commands {
        /** Does what a command says; whatever it throws is answered. */
        List<String> run(String command, List<String> args) throws Exception;
    }

    /** Takes the process's output for itself: what libraries print must not come between the answers. */
    static Conversation begin() {
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, UTF_8);
        System.setOut(System.err);
        return new Conversation(out);
    }

    /** Returns arguments of the form {@code name=value} as properties. */
    static Properties properties(String[] args) {
        Properties properties = new Properties();
        for (String arg : args) {
            int equals = arg.indexOf('=');
            properties.setProperty(arg.substring(0, equals), arg.substring(equals + 1));
        }
        return properties;
    }

    /** Says that the client is there, and answers commands until the input ends. */
    void answerAll(Commands commands) throws IOException {
        print(List.of("ok"));
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            answer(commands, Words.split(line));
        }
    }

    /** Says what a listener got. */
    void event(String name, List<String> words) {
        print(joined(List.of("event", name), words));
    }

    private void answer(Commands commands, List<String> words) {
        try {
            print(joined(List.of("ok"), commands.run(words.get(0), words.subList(1, words.size()))));
        } catch (Exception | LinkageError e) {
            e.printStackTrace();
            print(List.of("failed", String.valueOf(e)));
        }
    }

    private static List<String> joined(List<String> first, List<String> more) {
        List<String> all = new ArrayList<>(first);
        all.addAll(more);
        return all;
    }

    private synchronized void print(List<String> words) {
        out.println(Words.join(words));
    }
}
