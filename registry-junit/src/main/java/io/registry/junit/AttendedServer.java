package io.registry.junit;

import java.io.IOException;

/**
 * The main class of the server's process: runs the executable jar, which is on its class path, and stops it when the
 * standard input ends. That is how the tests stop it on every system, and what happens when they are gone, even where
 * they were killed.
 */
final class AttendedServer {

    private static final String JAR_MAIN = "org.springframework.boot.loader.launch.JarLauncher";

    private AttendedServer() {}

    /** Runs the server with its arguments. */
    public static void main(String[] args) throws ReflectiveOperationException {
        Thread attending = new Thread(AttendedServer::exitAtEndOfInput, "attending");
        attending.setDaemon(true);
        attending.start();
        Class.forName(JAR_MAIN).getMethod("main", String[].class).invoke(null, (Object) args);
    }

    private static void exitAtEndOfInput() {
        try {
            while (System.in.read() >= 0) {
                // Nobody says anything; only the end matters.
            }
        } catch (IOException e) {
            // As good as the end.
        }
        System.exit(0);
    }
}
