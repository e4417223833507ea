package io.registry.junit;

import java.io.IOException;

/**
 * The main class of the server's process: runs the executable jar, which is on its class path, and listens to the
 * standard input. The tests say there that it is to stop, on every system in the same way. Where the input ends without
 * that the tests are gone, perhaps killed: then the process takes its working directory with it.
 */
final class AttendedServer {

    /** What the tests say. */
    static final int STOP = 's';

    private static final String JAR_MAIN = "org.springframework.boot.loader.launch.JarLauncher";

    private AttendedServer() {}

    /** Runs the server with its arguments. */
    public static void main(String[] args) throws ReflectiveOperationException {
        WorkDirectory directory = WorkDirectory.ofThisProcess();
        Thread attending = new Thread(() -> attend(directory), "attending");
        attending.setDaemon(true);
        attending.start();
        Class.forName(JAR_MAIN).getMethod("main", String[].class).invoke(null, (Object) args);
    }

    private static void attend(WorkDirectory directory) {
        if (heard() == STOP) {
            System.exit(0);
        }
        directory.delete();
        Runtime.getRuntime().halt(1);
    }

    /** Returns what has been said, or -1 where nobody is there. */
    private static int heard() {
        try {
            return System.in.read();
        } catch (IOException e) {
            return -1;
        }
    }
}
