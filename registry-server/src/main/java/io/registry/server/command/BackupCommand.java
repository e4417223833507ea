package io.registry.server.command;

import io.registry.server.backup.BackupFile;
import io.registry.server.backup.Tally;
import java.io.Console;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes, restores and verifies backups from the command line. Ends with 0 where all went well, with 1 where it did not,
 * and with 2 where the arguments are not understood.
 */
public final class BackupCommand {

    private static final String USAGE = """
            usage: java -jar registry-server.jar backup [--server=HOST:PORT] [--user=NAME] FILE
                   java -jar registry-server.jar restore [--server=HOST:PORT] [--user=NAME] FILE
                   java -jar registry-server.jar verify-backup FILE
            The password of the user, nacos unless named, is in the environment variable REGISTRY_ACCESS_ADMIN_PASSWORD,
            or asked for.""";

    private static final List<String> WORDS = List.of("backup", "restore", "verify-backup");
    private static final String SERVER = "--server=";
    private static final String USER = "--user=";
    private static final String PASSWORD = "REGISTRY_ACCESS_ADMIN_PASSWORD";
    private static final String OPS = "/nacos/v3/admin/core/ops/";
    private static final Pattern PROGRESS = Pattern.compile("\"done\":(\\d+),\"total\":(\\d+)");
    private static final Duration CONNECT_MAX = Duration.ofSeconds(5);
    private static final Duration ANSWER_MAX = Duration.ofMinutes(30);
    private static final int CHUNK = 1 << 16;

    /** Of an answer that is no backup, this much is shown, in bytes. */
    private static final int REFUSAL_BYTES_MAX = 4_096;

    private final PrintStream out;

    private BackupCommand(PrintStream out) {
        this.out = out;
    }

    /** Returns whether the arguments begin with one of these commands. */
    public static boolean isMeant(String[] args) {
        return args.length > 0 && WORDS.contains(args[0]);
    }

    /** Does what the arguments say, prints on standard output, and returns the status to end with. */
    public static int run(String[] args) {
        return new BackupCommand(System.out).status(args);
    }

    private int status(String[] args) {
        List<String> rest = new ArrayList<>(Arrays.asList(args).subList(1, args.length));
        boolean calls = !args[0].equals("verify-backup");
        String server = calls ? option(rest, SERVER, "127.0.0.1:8848") : "";
        String user = calls ? option(rest, USER, "nacos") : "";
        if (rest.size() != 1 || rest.get(0).startsWith("-")) {
            out.println(USAGE);
            return 2;
        }
        try {
            Path file = Path.of(rest.get(0));
            URI base = URI.create("http://" + server + OPS);
            switch (args[0]) {
                case "backup" -> backup(new Target(base, authorization(user)), file);
                case "restore" -> restore(new Target(base, authorization(user)), file);
                default -> show(BackupFile.check(file, file.toString()));
            }
            return 0;
        } catch (Failure e) {
            out.println(args[0] + " failed: " + e.getMessage());
        } catch (NoSuchFileException e) {
            out.println(args[0] + " failed: " + e.getFile() + ": no such file");
        } catch (IOException e) {
            out.println(args[0] + " failed: " + (e.getMessage() == null ? e.toString() : e.getMessage()));
        } catch (IllegalArgumentException e) {
            out.println(args[0] + ": " + e.getMessage() + "\n" + USAGE);
            return 2;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            out.println(args[0] + " failed: interrupted");
        }
        return 1;
    }

    /** Takes an option out of the arguments that stand before the file. */
    private static String option(List<String> arguments, String name, String otherwise) {
        for (int i = 0; i < arguments.size() - 1; i++) {
            if (arguments.get(i).startsWith(name)) {
                return arguments.remove(i).substring(name.length());
            }
        }
        return otherwise;
    }

    /** Not an argument: those of a process are seen by all users of its machine. */
    @SuppressWarnings("SystemConsoleNull") // Null or not, there is nobody to ask where nothing is typed.
    private static String authorization(String user) throws Failure {
        String password = System.getenv(PASSWORD);
        if (password == null || password.isEmpty()) {
            Console console = System.console();
            char[] typed = console == null ? null : console.readPassword("password of %s: ", user);
            if (typed == null) {
                throw new Failure(
                        "no password of " + user + " (expected: in the environment variable " + PASSWORD + ")");
            }
            password = new String(typed);
        }
        byte[] login = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(login);
    }

    /** Where the calls go, and what they log in with. */
    private record Target(URI base, String authorization) {

        HttpRequest.Builder request(String name) {
            return HttpRequest.newBuilder(base.resolve(name)).header("Authorization", authorization);
        }
    }

    private void backup(Target target, Path file) throws IOException, InterruptedException {
        if (Files.exists(file)) {
            throw new Failure(file + ": is there already (expected: the name of a new file)");
        }
        HttpRequest request = target.request("backup").timeout(ANSWER_MAX).build();
        HttpResponse<InputStream> response = send(request, HttpResponse.BodyHandlers.ofInputStream());
        Path beside = file.resolveSibling(file.getFileName() + ".tmp");
        try (InputStream in = response.body()) {
            if (response.statusCode() != 200) {
                throw refused(
                        response.statusCode(), new String(in.readNBytes(REFUSAL_BYTES_MAX), StandardCharsets.UTF_8));
            }
            save(in, response.headers().firstValueAsLong("Content-Length").orElse(0), beside);
            BackupFile backup = BackupFile.check(beside, file.toString());
            Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
            show(backup);
        } finally {
            Files.deleteIfExists(beside);
        }
    }

    private void save(InputStream in, long length, Path file) throws IOException {
        try (OutputStream saved = Files.newOutputStream(file)) {
            byte[] chunk = new byte[CHUNK];
            long done = 0;
            long shown = 0;
            for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
                saved.write(chunk, 0, count);
                done += count;
                // Some ten lines for a long file, and one for a short.
                if (done == length || done - shown >= Math.max(length / 10, CHUNK)) {
                    shown = done;
                    out.println("backup: " + done + " of " + length + " bytes");
                }
            }
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }

    private void restore(Target target, Path file) throws IOException, InterruptedException {
        BackupFile backup = BackupFile.check(file, file.toString());
        show(backup);
        HttpRequest request = target.request("restore")
                .timeout(ANSWER_MAX)
                .header("Content-Type", "application/octet-stream")
                .POST(HttpRequest.BodyPublishers.ofFile(file))
                .build();
        HttpClient http = http();
        CompletableFuture<HttpResponse<String>> answer = http.sendAsync(request, HttpResponse.BodyHandlers.ofString());
        String shown = "";
        while (true) {
            try {
                HttpResponse<String> response = answer.get(500, TimeUnit.MILLISECONDS);
                if (response.statusCode() != 200) {
                    throw refused(response.statusCode(), response.body());
                }
                out.println("restore: " + backup.tally().changes() + " of "
                        + backup.tally().changes() + " changes");
                out.println("restored: " + file);
                return;
            } catch (TimeoutException e) {
                String now = progress(http, target);
                if (!now.equals(shown)) {
                    out.println("restore: " + now);
                }
                shown = now;
            } catch (ExecutionException e) {
                throw unreachable(request, e.getCause() == null ? e : e.getCause());
            }
        }
    }

    private static String progress(HttpClient http, Target target) throws InterruptedException {
        HttpRequest request = target.request("restore").timeout(CONNECT_MAX).build();
        try {
            Matcher progress = PROGRESS.matcher(
                    http.send(request, HttpResponse.BodyHandlers.ofString()).body());
            return progress.find() && !progress.group(2).equals("0")
                    ? progress.group(1) + " of " + progress.group(2) + " changes"
                    : "under way";
        } catch (IOException e) {
            // The restore itself says what is wrong.
            return "under way";
        }
    }

    private void show(BackupFile backup) {
        Tally tally = backup.tally();
        out.println("backup of cluster " + backup.origin().cluster() + " by node "
                + backup.origin().node() + " at "
                + Instant.ofEpochMilli(backup.origin().madeMillis()) + ": "
                + tally.services() + " services, " + tally.instances() + " instances, " + tally.overrides()
                + " overrides, " + tally.namespaces() + " namespaces, " + tally.switches() + " switches, "
                + tally.users() + " users");
        out.println("sha-256 " + backup.checksum() + ", whole");
    }

    private static HttpClient http() {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT_MAX)
                .build();
    }

    private static <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> handler)
            throws IOException, InterruptedException {
        try {
            return http().send(request, handler);
        } catch (IOException e) {
            throw unreachable(request, e);
        }
    }

    private static Failure unreachable(HttpRequest request, Throwable why) {
        return new Failure("no answer of " + request.uri() + ": " + why);
    }

    private static Failure refused(int status, String answer) {
        return new Failure("refused with status " + status + ": " + answer);
    }

    /** Why a command did not do what it should; the message is for the operator. */
    private static final class Failure extends IOException {
        private static final long serialVersionUID = 1L;

        Failure(String message) {
            super(message);
        }
    }
}
