package io.registry.junit;

/** Starts a registry, prints the id of its process and a directory below its own, and waits to be killed. */
final class StartAndWait {

    private StartAndWait() {}

    public static void main(String[] args) throws InterruptedException {
        Registry registry = Registry.started();
        System.out.println(registry.pid() + " " + registry.clientProperties().getProperty("registry.cache-directory"));
        Thread.currentThread().join();
    }
}
