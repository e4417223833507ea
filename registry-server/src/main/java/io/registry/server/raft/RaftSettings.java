package io.registry.server.raft;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.RaftConfigKeys;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.util.SizeInBytes;
import org.apache.ratis.util.TimeDuration;

/** How Ratis is set up: small files, nothing acknowledged that is not on disk, and nothing that waits long. */
final class RaftSettings {

    /** The longest entry, and the most that one message between members holds. */
    private static final int ENTRY_BYTES_MAX = 1 << 20;

    /** The longest command: what Ratis puts around it has to fit as well. */
    static final int COMMAND_BYTES_MAX = ENTRY_BYTES_MAX - (1 << 10);

    /** A closed file of the log is at most this long, and stays until a snapshot holds what it holds. */
    private static final int SEGMENT_BYTES_MAX = 8 << 20;

    private RaftSettings() {}

    static RaftProperties of(RaftConfig config) {
        RaftProperties properties = new RaftProperties();
        RaftConfigKeys.Rpc.setType(properties, new TransportType());
        RaftServerConfigKeys.setStorageDir(
                properties, List.of(config.directory().toFile()));
        RaftServerConfigKeys.setRemovedGroupsDir(
                properties, config.directory().resolve("removed").toFile());
        log(properties);
        snapshots(properties, config.entriesPerSnapshot());
        times(properties, config.group() == null);
        return properties;
    }

    private static void log(RaftProperties properties) {
        RaftServerConfigKeys.Log.setSegmentSizeMax(properties, SizeInBytes.valueOf(SEGMENT_BYTES_MAX));
        RaftServerConfigKeys.Log.setPreallocatedSize(properties, SizeInBytes.valueOf("64KB"));
        RaftServerConfigKeys.Log.Appender.setSnapshotChunkSizeMax(properties, SizeInBytes.valueOf(ENTRY_BYTES_MAX));
        RaftServerConfigKeys.Log.Appender.setBufferByteLimit(properties, SizeInBytes.valueOf(ENTRY_BYTES_MAX));
        // An entry with its length and its checksum has to fit.
        RaftServerConfigKeys.Log.setWriteBufferSize(properties, SizeInBytes.valueOf(ENTRY_BYTES_MAX + (64 << 10)));
        RaftServerConfigKeys.Log.setSegmentCacheNumMax(properties, 2);
        RaftServerConfigKeys.Log.setPurgeUptoSnapshotIndex(properties, true);
        RaftServerConfigKeys.Log.setPurgeGap(properties, 1);
        // The tail is looked at before the log is opened; what is damaged then must not be passed over.
        RaftServerConfigKeys.Log.setCorruptionPolicy(properties, RaftServerConfigKeys.Log.CorruptionPolicy.EXCEPTION);
        RaftServerConfigKeys.Log.setUnsafeFlushEnabled(properties, false);
        RaftServerConfigKeys.Log.setAsyncFlushEnabled(properties, false);
    }

    private static void snapshots(RaftProperties properties, int entriesPerSnapshot) {
        RaftServerConfigKeys.Snapshot.setAutoTriggerEnabled(properties, true);
        RaftServerConfigKeys.Snapshot.setAutoTriggerThreshold(properties, entriesPerSnapshot);
        RaftServerConfigKeys.Snapshot.setRetentionFileNum(properties, 2);
        // A stop is quick, and no different from a crash.
        RaftServerConfigKeys.Snapshot.setTriggerWhenStopEnabled(properties, false);
    }

    private static void times(RaftProperties properties, boolean alone) {
        RaftServerConfigKeys.Rpc.setTimeoutMin(properties, millis(1_000));
        RaftServerConfigKeys.Rpc.setTimeoutMax(properties, millis(2_000));
        // A member alone has nobody to wait for.
        RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMin(properties, millis(alone ? 10 : 300));
        RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMax(properties, millis(alone ? 100 : 600));
        // The default of a minute keeps every write that long.
        RaftServerConfigKeys.RetryCache.setExpiryTime(properties, millis(2_000));
        RaftServerConfigKeys.Read.setOption(properties, RaftServerConfigKeys.Read.Option.LINEARIZABLE);
        RaftServerConfigKeys.Read.setLeaderLeaseEnabled(properties, true);
        // A machine that was suspended goes on where it was.
        RaftServerConfigKeys.setCloseThreshold(properties, TimeDuration.valueOf(3_650, TimeUnit.DAYS));
    }

    private static TimeDuration millis(long millis) {
        return TimeDuration.valueOf(millis, TimeUnit.MILLISECONDS);
    }
}
