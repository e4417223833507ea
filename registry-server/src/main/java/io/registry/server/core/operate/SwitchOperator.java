package io.registry.server.core.operate;

import io.registry.server.core.persistent.PersistentCommand;
import io.registry.server.core.persistent.PersistentLog;
import io.registry.server.core.persistent.Switches;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Sets switches, on this node or for all.
 *
 * <p><b>Threading</b>: from any thread.
 */
public final class SwitchOperator {

    private final PersistentLog log;
    private final Switches switches;

    /** Makes the operator. */
    public SwitchOperator(PersistentLog log, Switches switches) {
        this.log = log;
        this.switches = switches;
    }

    /**
     * Sets a switch.
     *
     * @param value already checked to be one that the entry takes
     * @param hereOnly whether for this node only, until its process ends; else for all nodes, in place of what was set here
     */
    public CompletionStage<@Nullable Void> set(String entry, String value, boolean hereOnly) {
        if (hereOnly) {
            switches.setHere(entry, value);
            return CompletableFuture.completedFuture(null);
        }
        return log.propose(new PersistentCommand.SetSwitch(entry, value)).thenApply(change -> {
            switches.clearHere(entry);
            return null;
        });
    }
}
