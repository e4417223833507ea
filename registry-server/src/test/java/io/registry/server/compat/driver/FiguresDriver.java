package io.registry.server.compat.driver;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicLong;

/** Runs one naming client, ours or nacos-client, and measures it from inside its process. */
public final class FiguresDriver {

    private final MeasuredClient client;
    private final OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private final AtomicLong events = new AtomicLong();
    private int registered;

    private FiguresDriver(MeasuredClient client) {
        this.client = client;
    }

    /**
     * Reads commands until the input ends.
     *
     * @param args {@code sdk} or {@code nacos}, and the client's properties, each as {@code name=value}
     */
    public static void main(String[] args) throws Exception {
        Conversation conversation = Conversation.begin();
        Properties properties = Conversation.properties(Arrays.copyOfRange(args, 1, args.length));
        // Only the one that is made is loaded: the jars of the other are not there.
        MeasuredClient client =
                args[0].equals("sdk") ? new MeasuredSdk(properties) : new MeasuredNacosClient(properties);
        conversation.answerAll(new FiguresDriver(client)::run);
        Runtime.getRuntime().halt(0);
    }

    private List<String> run(String command, List<String> args) throws Exception {
        return switch (command) {
            case "cpu" -> List.of(Long.toString(system.getProcessCpuTime()));
            case "events" -> List.of(Long.toString(events.get()));
            case "heap" -> List.of(Long.toString(heap()));
            case "threads" ->
                List.of(Integer.toString(ManagementFactory.getThreadMXBean().getThreadCount()));
            case "known" -> List.of(client.known(args.get(0)));
            case "subscribe" -> {
                client.subscribe(args.get(0), events::incrementAndGet);
                yield List.of();
            }
            case "register" -> {
                register(Integer.parseInt(args.get(0)));
                yield List.of();
            }
            case "choose" -> List.of(Long.toString(choose(args.get(0), Integer.parseInt(args.get(1)))));
            default -> throw new IllegalArgumentException("command: " + command);
        };
    }

    /** Registers instances, each for a service that this client has not published, and deregisters them. */
    private void register(int count) throws Exception {
        for (int i = 0; i < count; i++) {
            String service = "reg-" + registered++ % 500;
            client.register(service, "10.3.0.1", 8080);
            client.deregister(service, "10.3.0.1", 8080);
        }
    }

    private long choose(String service, int times) throws Exception {
        long start = System.nanoTime();
        int sum = 0;
        for (int i = 0; i < times; i++) {
            sum += System.identityHashCode(client.choose(service));
        }
        long nanos = System.nanoTime() - start;
        if (sum == 0) {
            throw new IllegalStateException("chose nothing");
        }
        return nanos / times;
    }

    private static long heap() throws InterruptedException {
        long used = Long.MAX_VALUE;
        for (int i = 0; i < 4; i++) {
            System.gc();
            Thread.sleep(200);
            used = Math.min(
                    used,
                    ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        }
        return used;
    }
}
