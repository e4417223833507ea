package io.registry.server.backup;

import io.registry.api.error.ErrorCode;
import io.registry.api.error.RegistryException;
import io.registry.api.model.Instance;
import io.registry.api.model.ServiceKey;
import io.registry.server.core.account.Account;
import io.registry.server.core.account.Permission;
import io.registry.server.core.account.SigningKey;
import io.registry.server.core.encoding.StateCodec;
import io.registry.server.core.persistent.Namespace;
import io.registry.server.core.persistent.PersistentCommand;
import io.registry.server.core.persistent.PersistentLog;
import io.registry.server.core.persistent.PersistentState;
import io.registry.server.core.persistent.PersistentStore;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Brings a backup into the log of a cluster that has nothing yet, as ordinary changes, so that every member gets it. One
 * that did not come to its end is repeated with the same file: what is there of it already is no obstacle, and anything
 * else is.
 *
 * <p><b>Threading</b>: {@link #begin} and {@link #run} on one thread at a time, which waits; {@link #progress} from any.
 */
public final class Restore {

    /** How many changes are under way at once: enough that the disk is not waited for after each. */
    private static final int WINDOW = 64;

    /** Longer than the log itself takes to refuse. */
    private static final Duration AWAIT_MAX = Duration.ofSeconds(10);

    private final PersistentLog log;
    private final PersistentStore store;
    private volatile Progress progress = new Progress(0, 0);

    /**
     * How far the last restore has come.
     *
     * @param done the changes that were made
     * @param total all changes; 0 where there was no restore since the start, or the file is still on its way
     */
    public record Progress(long done, long total) {}

    /** Makes what restores. */
    public Restore(PersistentLog log, PersistentStore store) {
        this.log = log;
        this.store = store;
    }

    /** Returns how far the last restore has come. */
    public Progress progress() {
        return progress;
    }

    /** Forgets how far the last restore had come: another is on its way. */
    public void begin() {
        progress = new Progress(0, 0);
    }

    /**
     * Restores; returns when all of it is kept.
     *
     * @throws RegistryException {@code ILLEGAL_STATE} where something is kept that is not from this backup, and nothing was
     *     changed; else as the log refuses, with how much was restored
     * @throws IOException where the file cannot be read
     */
    public void run(BackupFile file) throws IOException {
        PersistentState present = store.state();
        Comparison comparison = new Comparison(present);
        file.read(comparison);
        if (!comparison.fits()) {
            throw new RegistryException(
                    ErrorCode.ILLEGAL_STATE,
                    "persistent state: " + present.services().size() + " services, "
                            + present.namespaces().size() + " namespaces, "
                            + present.switches().size()
                            + " switches, not all of them from this backup (expected: none, as in a new cluster, or what an"
                            + " unfinished restore of the same file has left)");
        }
        Steps steps = new Steps(file.tally().changes());
        file.read(new Changes(steps::make));
        steps.finish();
    }

    private final class Steps {

        private final Queue<CompletionStage<@Nullable Void>> underWay = new ArrayDeque<>();
        private final long total;
        private long done;

        Steps(long total) {
            this.total = total;
            progress = new Progress(0, total);
        }

        void make(PersistentCommand change) {
            if (underWay.size() == WINDOW) {
                await();
            }
            try {
                underWay.add(log.propose(change));
            } catch (RegistryException e) {
                throw unfinished(e.code(), e.getMessage());
            }
        }

        void finish() {
            while (!underWay.isEmpty()) {
                await();
            }
        }

        private void await() {
            try {
                underWay.remove().toCompletableFuture().get(AWAIT_MAX.toMillis(), TimeUnit.MILLISECONDS);
            } catch (ExecutionException e) {
                if (e.getCause() instanceof RegistryException refusal) {
                    throw unfinished(refusal.code(), refusal.getMessage());
                }
                throw new IllegalStateException("restore failed after " + done + " of " + total, e.getCause());
            } catch (TimeoutException e) {
                throw unfinished(ErrorCode.OVERLOADED, "no answer within " + AWAIT_MAX.toSeconds() + " s");
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw unfinished(ErrorCode.NOT_READY, "server is stopping");
            }
            done++;
            progress = new Progress(done, total);
        }

        private RegistryException unfinished(ErrorCode code, @Nullable String why) {
            return new RegistryException(
                    code,
                    "restore unfinished, " + done + " of " + total + " changes made: " + why
                            + " (repeat it with the same file)");
        }
    }

    /** Whether everything that is kept is in the backup as well. */
    private static final class Comparison implements StateCodec.Records {

        private final PersistentState present;
        private int services;
        private int namespaces;
        private int switches;
        private int users;
        private int permissions;

        Comparison(PersistentState present) {
            this.present = present;
        }

        boolean fits() {
            return services == present.services().size()
                    && namespaces == present.namespaces().size()
                    && switches == present.switches().size()
                    && users == usersOf(present)
                    && permissions == present.accounts().permissions().size();
        }

        /** The administrator, and keys, every cluster has from its first start; the backup's take their place. */
        private static long usersOf(PersistentState state) {
            return state.accounts().users().keySet().stream()
                    .filter(name -> !name.equals(Account.ADMINISTRATOR))
                    .count();
        }

        @Override
        public void service(ServiceKey key, PersistentState.Service service) {
            PersistentState.Service here = present.services().get(key);
            if (here != null
                    && (here.metadata() == null || here.metadata().equals(service.metadata()))
                    && service.clusters().entrySet().containsAll(here.clusters().entrySet())
                    && service.overrides()
                            .entrySet()
                            .containsAll(here.overrides().entrySet())
                    && here.instances().entrySet().stream().allMatch(each -> isIn(service, each))) {
                services++;
            }
        }

        /** Health is what checks have found since, here or there. */
        private static boolean isIn(PersistentState.Service service, Map.Entry<String, Instance> each) {
            Instance kept = service.instances().get(each.getKey());
            return kept != null && kept.withHealthy(each.getValue().healthy()).equals(each.getValue());
        }

        @Override
        public void namespace(Namespace namespace) {
            if (namespace.equals(present.namespaces().get(namespace.id()))) {
                namespaces++;
            }
        }

        @Override
        public void setting(String entry, String value) {
            if (value.equals(present.switches().get(entry))) {
                switches++;
            }
        }

        @Override
        public void account(Account account) {
            Account here = present.accounts().user(account.name());
            if (here != null
                    && !here.name().equals(Account.ADMINISTRATOR)
                    && here.passwordHash().equals(account.passwordHash())
                    && account.roles().containsAll(here.roles())) {
                users++;
            }
        }

        @Override
        public void permission(Permission permission) {
            if (present.accounts().permissions().contains(permission)) {
                permissions++;
            }
        }

        @Override
        public void key(SigningKey key) {
            // None is saved.
        }
    }
}
