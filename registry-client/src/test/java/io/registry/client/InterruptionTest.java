package io.registry.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.registry.api.NamingService;
import io.registry.api.error.ErrorCode;
import io.registry.api.error.RegistryException;
import io.registry.client.stub.Await;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InterruptionTest {

    private record End(ErrorCode code, boolean interrupted) {}

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    @Test
    void anInterruptedCallEndsAsUnreachableAndItsThreadStaysInterrupted() throws Exception {
        try (NamingService naming = RegistryClient.builder()
                .serverAddr("127.0.0.1:1")
                .requestTimeout(Duration.ofMinutes(1))
                .cacheDirectory(directory)
                .build()) {
            CompletableFuture<End> end = new CompletableFuture<>();
            Thread caller = new Thread(() -> {
                RegistryException e = catchThrowableOfType(
                        RegistryException.class, () -> naming.registerInstance("s", "10.0.0.1", 80));
                end.complete(new End(
                        Objects.requireNonNull(e).code(), Thread.currentThread().isInterrupted()));
            });
            caller.start();
            Await.until("wanted", () -> naming.status().registrations() == 1);

            caller.interrupt();

            assertThat(end).succeedsWithin(Duration.ofSeconds(10)).isEqualTo(new End(ErrorCode.UNREACHABLE, true));
            caller.join();
            assertThat(naming.status().registrations()).isEqualTo(1);
        }
    }
}
