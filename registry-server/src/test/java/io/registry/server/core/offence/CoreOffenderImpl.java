package io.registry.server.core.offence;

import io.grpc.Status;
import io.micrometer.core.instrument.MeterRegistry;
import io.registry.server.peer.offence.PeerOffender;
import io.registry.server.raft.offence.RaftOffender;
import jakarta.servlet.http.HttpServletRequest;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.ratis.conf.RaftProperties;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.core.JsonParser;

/** Does what no class of the core may do. */
@SuppressWarnings({"NullAway", "FieldCanBeFinal", "FieldCanBeStatic", "NonFinalStaticField"})
public final class CoreOffenderImpl {

    static final AtomicInteger COUNT = new AtomicInteger();
    static @Nullable CoreOffenderImpl instance;

    @Autowired
    @Nullable
    MeterRegistry metrics;

    @Nullable
    HttpServletRequest request;

    @Nullable
    JsonParser parser;

    @Nullable
    RaftProperties properties;

    @Nullable
    RaftOffender log;

    @Nullable
    PeerOffender peer;

    final Status status = Status.OK;

    static @Nullable CoreOffenderImpl getInstance() {
        return instance;
    }

    synchronized long offences() throws InterruptedException {
        new Thread(() -> System.out.println(UUID.randomUUID()), "offence").start();
        CompletableFuture<Void> offence = CompletableFuture.runAsync(() -> COUNT.set(1));
        Thread.sleep(offence.isDone() ? 1 : 2);
        return System.currentTimeMillis();
    }
}
