package io.registry.client.cache;

import io.registry.api.model.Instance;
import io.registry.api.model.ServiceInfo;
import io.registry.client.runtime.ClientRuntime;
import io.registry.proto.codec.KnownHosts;
import io.registry.proto.codec.MalformedBodyException;
import io.registry.proto.codec.ServerDecoder;
import io.registry.proto.json.InstanceJson;
import io.registry.proto.json.ServiceInfoJson;
import io.registry.proto.payload.WireService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The last known views, one file for each service, for a start without a server. A file is written beside the old one
 * and then takes its place, so a reader never meets half of it. The time of the file says when its content was last
 * known to be true: while a server is connected, the files of all services that are followed are touched every minute,
 * whether they changed or not.
 *
 * <p><b>Threading</b>: for the client loop, but for {@link #load}; files are written on the thread that may block.
 */
public final class DiskCache {

    private static final Logger log = LoggerFactory.getLogger(DiskCache.class);

    /** Changes gather for this long: what matters is that the file is there at the next start. */
    private static final Duration GATHER = Duration.ofSeconds(5);

    private static final String UNFINISHED = ".unfinished";

    private final ClientRuntime runtime;
    private final Path directory;
    private Map<String, ServiceView> dirty = new LinkedHashMap<>();
    private boolean scheduled;
    private boolean failed;

    /**
     * Makes a cache.
     *
     * @param directory made when there is something to write
     */
    public DiskCache(ClientRuntime runtime, Path directory) {
        this.runtime = runtime;
        this.directory = directory;
    }

    /** Has a view written soon. */
    public void save(ServiceView view) {
        dirty.put(ServiceFiles.name(view.info().service()), view);
        if (!scheduled) {
            scheduled = true;
            runtime.loop().after(GATHER, this::flush);
        }
    }

    /** Has the files of views marked as true now. */
    public void confirm(Collection<ServiceView> views) {
        List<ServiceView> all = List.copyOf(views);
        FileTime now = FileTime.from(Instant.now());
        runtime.blocking().execute(() -> {
            for (ServiceView view : all) {
                try {
                    Files.setLastModifiedTime(
                            directory.resolve(ServiceFiles.name(view.info().service())), now);
                } catch (NoSuchFileException e) {
                    runtime.loop().execute(() -> save(view));
                } catch (IOException e) {
                    failed(e);
                }
            }
        });
    }

    /** Has everything written that waits for it. */
    public void flush() {
        scheduled = false;
        Map<String, ServiceView> now = dirty;
        dirty = new LinkedHashMap<>();
        if (!now.isEmpty()) {
            runtime.blocking().execute(() -> write(now));
        }
    }

    /** Returns what the files hold, reading them on the calling thread. A file that cannot be read is passed over. */
    public List<WireService> load() {
        List<WireService> services = new ArrayList<>();
        Instant oldest = Instant.MAX;
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (file.toString().endsWith(UNFINISHED)) {
                    continue;
                }
                try {
                    services.add(ServerDecoder.httpService(Files.readAllBytes(file), KnownHosts.none()));
                    Instant time = Files.getLastModifiedTime(file).toInstant();
                    oldest = time.isBefore(oldest) ? time : oldest;
                } catch (MalformedBodyException | IOException e) {
                    log.warn("file of the cache passed over: file={} cause={}", file, e.getMessage());
                }
            }
        } catch (NoSuchFileException e) {
            return services;
        } catch (IOException e) {
            failed(e);
        }
        if (!services.isEmpty()) {
            log.info("read from the cache: directory={} services={} oldest={}", directory, services.size(), oldest);
        }
        return services;
    }

    private void write(Map<String, ServiceView> views) {
        try {
            Files.createDirectories(directory);
            for (Map.Entry<String, ServiceView> each : views.entrySet()) {
                Path target = directory.resolve(each.getKey());
                Path unfinished = directory.resolve(
                        each.getKey() + "." + ProcessHandle.current().pid() + UNFINISHED);
                Files.write(unfinished, encoded(each.getValue().info()));
                Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            failed(e);
        }
    }

    static byte[] encoded(ServiceInfo info) {
        List<byte[]> hosts = new ArrayList<>(info.instances().size());
        for (Instance instance : info.instances()) {
            hosts.add(InstanceJson.encode(instance, info.service()));
        }
        byte[] head = ServiceInfoJson.head(
                info.service().groupedName(), info.service().group(), "", 10_000);
        byte[] joined = ServiceInfoJson.joinHosts(hosts);
        byte[] tail = ServiceInfoJson.tail(info.referenceMillis(), info.allHealthyByThreshold());
        byte[] all = new byte[head.length + joined.length + tail.length];
        System.arraycopy(head, 0, all, 0, head.length);
        System.arraycopy(joined, 0, all, head.length, joined.length);
        System.arraycopy(tail, 0, all, head.length + joined.length, tail.length);
        return all;
    }

    private void failed(IOException e) {
        if (!failed) {
            failed = true;
            log.warn("the cache on disk does not work: directory={} cause={}", directory, e.toString());
        }
    }
}
