package io.registry.server.raft;

import io.registry.server.core.cluster.ClusterMember;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What the log has to know.
 *
 * @param directory where it keeps its files; made where it is not there
 * @param cluster the name of the group, which its files belong to
 * @param self this node, as others see it
 * @param diskReserve how many bytes stay free on the disk: below that, writes are refused; 0 for as far as it goes
 * @param entriesPerSnapshot after how many entries a snapshot is written, and the log before it deleted
 * @param group the group that this member belongs to; null for one that stands alone
 */
public record RaftConfig(
        Path directory,
        String cluster,
        ClusterMember self,
        long diskReserve,
        int entriesPerSnapshot,
        @Nullable GroupConfig group) {}
