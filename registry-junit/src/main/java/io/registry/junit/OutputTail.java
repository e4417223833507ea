package io.registry.junit;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The last lines that a process has printed.
 *
 * <p>Threading: a thread of its own reads until the output ends; any thread may ask.
 */
final class OutputTail {

    private static final int LINES_MAX = 1000;
    private static final int LINE_MAX = 4000;

    /** What the process has printed is here as soon as it has ended; this is the time for it to be read. */
    private static final long END_SECONDS_MAX = 5;

    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<String> lines = new ArrayDeque<>();
    private final CountDownLatch ended = new CountDownLatch(1);

    /** Reads the output of a process from now on. */
    static OutputTail of(Process process) {
        OutputTail tail = new OutputTail();
        Thread reader = new Thread(() -> tail.read(process), "registry-junit-output-" + process.pid());
        reader.setDaemon(true);
        reader.start();
        return tail;
    }

    /** Waits until all is read that a process which has ended has printed. */
    void awaitEnd() throws InterruptedException {
        ended.await(END_SECONDS_MAX, TimeUnit.SECONDS);
    }

    /** Returns the lines, with line feeds between them. */
    String text() {
        lock.lock();
        try {
            return String.join("\n", lines);
        } finally {
            lock.unlock();
        }
    }

    private void read(Process process) {
        try (BufferedReader output = process.inputReader()) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                add(line);
            }
        } catch (IOException e) {
            add("(the rest cannot be read: " + e + ")");
        } finally {
            ended.countDown();
        }
    }

    private void add(String line) {
        lock.lock();
        try {
            lines.add(line.length() > LINE_MAX ? line.substring(0, LINE_MAX) + "..." : line);
            if (lines.size() > LINES_MAX) {
                lines.remove();
            }
        } finally {
            lock.unlock();
        }
    }
}
