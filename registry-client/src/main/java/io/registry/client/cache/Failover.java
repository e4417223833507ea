package io.registry.client.cache;

import io.registry.api.model.Instance;
import io.registry.api.model.ServiceKey;
import io.registry.client.runtime.ClientRuntime;
import io.registry.proto.codec.KnownHosts;
import io.registry.proto.codec.MalformedBodyException;
import io.registry.proto.codec.ServerDecoder;
import io.registry.proto.payload.WireService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What an operator puts in the place of what servers say: files of a directory, each with one service as the cache on
 * disk writes it, in force while the file {@value #SWITCH} beside them holds {@code 1}.
 *
 * <p><b>Threading</b>: read by any thread; looked for on the thread that may block.
 */
public final class Failover {

    /** The name of the file that switches it on; the one that operators of the protocol's clients know. */
    static final String SWITCH = "00-00---000-VIPSRV_FAILOVER_SWITCH-000---00-00";

    private static final Logger log = LoggerFactory.getLogger(Failover.class);
    private static final Duration INTERVAL = Duration.ofSeconds(5);

    private final ClientRuntime runtime;
    private final Path directory;
    private final String namespace;
    private volatile Map<ServiceKey, List<Instance>> services = Map.of();
    private volatile boolean on;
    private volatile boolean closed;

    /** Makes a failover that is off. */
    public Failover(ClientRuntime runtime, Path directory, String namespace) {
        this.runtime = runtime;
        this.directory = directory;
        this.namespace = namespace;
    }

    /** Begins to look at the directory every few seconds, until {@link #close}. */
    public void start() {
        if (!closed) {
            runtime.blocking().execute(this::look);
            runtime.loop().after(INTERVAL, this::start);
        }
    }

    /** Ends that. */
    public void close() {
        closed = true;
    }

    /** Returns what an operator has put in the place of a service; null where the servers count. */
    public @Nullable List<Instance> instances(ServiceKey service) {
        return on ? services.get(service) : null;
    }

    private void look() {
        boolean now = isOn();
        if (now) {
            services = read();
        }
        if (now != on) {
            log.warn("failover {}: directory={} services={}", now ? "on" : "off", directory, services.size());
            on = now;
        }
        if (!now) {
            services = Map.of();
        }
    }

    private boolean isOn() {
        try {
            return Files.isRegularFile(directory.resolve(SWITCH))
                    && Files.readString(directory.resolve(SWITCH)).strip().equals("1");
        } catch (IOException e) {
            return on;
        }
    }

    private Map<ServiceKey, List<Instance>> read() {
        Map<ServiceKey, List<Instance>> read = new HashMap<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (file.endsWith(SWITCH)) {
                    continue;
                }
                try {
                    WireService service = ServerDecoder.httpService(Files.readAllBytes(file), KnownHosts.none());
                    read.put(
                            new ServiceKey(namespace, service.group(), service.name()),
                            service.hosts().instances());
                } catch (MalformedBodyException | IOException e) {
                    log.warn("failover file passed over: file={} cause={}", file, e.getMessage());
                }
            }
        } catch (IOException e) {
            log.warn("failover directory cannot be read: directory={} cause={}", directory, e.toString());
            return services;
        }
        return read;
    }
}
