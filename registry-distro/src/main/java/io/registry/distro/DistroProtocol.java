package io.registry.distro;

import io.registry.distro.Orphans.Orphan;
import io.registry.distro.Orphans.Why;
import io.registry.distro.member.MemberTable;
import io.registry.distro.message.DistroMessage;
import io.registry.distro.model.Buckets;
import io.registry.distro.model.Cause;
import io.registry.distro.model.ClientId;
import io.registry.distro.model.ClientKind;
import io.registry.distro.model.DistroRecord;
import io.registry.distro.model.NodeId;
import io.registry.distro.model.Stamp;
import io.registry.distro.model.StampClock;
import io.registry.distro.store.ReplicaStore;
import java.time.Duration;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The replicated records of ephemeral clients, as one node knows them: what clients of this node say is written here,
 * what other nodes say is received here, and every change leaves through one listener.
 *
 * <p>Each write carries a {@link Stamp}, and of two records of a client the one with the greater stamp is kept. Three
 * kinds of writes differ in what they know: that somebody said <i>what is so</i> ({@link #publish}, {@link #withdraw}),
 * that somebody said <i>that it lives</i> ({@link #heard}, {@link #revive}, {@link #createdByBeat}), and that nobody
 * said anything ({@link #lapse}, {@link #expire}). A greater certainty is never overruled by a lesser one.
 *
 * <p>Only its owner writes a record. The record of a connection belongs to the node that holds the connection; that of a
 * client which beats belongs to whichever node heard it last. A record that nobody speaks for is an <i>orphan</i>: it
 * stays as it is, and goes after a time unless a newer record of the same client comes.
 *
 * <p><b>Threading:</b> everything runs on one loop, timers included.
 *
 * <p><b>Cost:</b> a local write costs O(log clients), whatever the size of the data: the caller says what changed.
 *
 * <p><b>Bounds:</b> tombstones are bounded in number and time; living records where clients are admitted.
 *
 * @param <K> names a part of the data, such as one publication
 * @param <D> what clients publish; immutable
 */
public final class DistroProtocol<K, D> {

    private final LocalNode<K, D> node;
    private final Stamps stamps;
    private final Replica<K, D> replica;
    private final ReplicaStore<D> store;
    private final Outbox<K, D> outbox;
    private final Peers<K, D> peers;
    private final Loading<D> loading;

    /**
     * Makes a node that knows no client, and has not started.
     *
     * @param self this node
     * @param incarnation greater than at any earlier start of this node
     */
    public DistroProtocol(
            NodeId self,
            long incarnation,
            DistroConfig config,
            DistroPorts<K, D> ports,
            DistroListener<K, D> listener) {
        this(self, incarnation, config, ports, listener, EnumSet.allOf(Rule.class));
    }

    /** Makes a node that keeps some of the rules only. */
    DistroProtocol(
            NodeId self,
            long incarnation,
            DistroConfig config,
            DistroPorts<K, D> ports,
            DistroListener<K, D> listener,
            Set<Rule> rules) {
        this.node = new LocalNode<>(self, incarnation, config, ports, rules);
        this.stamps = new Stamps(self, incarnation, new StampClock(ports.clock()::wallMillis), config.driftAlarm());
        MemberTable members =
                new MemberTable(self, config.sync().memberDownAfter().toMillis());
        this.replica = new Replica<>(node, listener, members, this::endOrphan);
        this.store = replica.store();
        this.loading = new Loading<>(config);
        Voices<K, D> voices = new Voices<>(node, replica, members);
        this.outbox = new Outbox<>(node, stamps, replica, voices);
        this.peers = new Peers<>(node, stamps, replica, members, voices, outbox, loading, listener);
    }

    /**
     * Starts: says that it is there, and loads what the others know. A node that is alone is ready when this returns.
     * Its own clients may be written from the beginning.
     *
     * @param members all configured members, this node included
     * @param kept what this node knew before it was restarted. Taken in where no other node is there to know better, as
     *     orphans: what is not replaced, published again or taken over is forgotten, on this node only and without a
     *     tombstone, so that an owner that lives can restore it. A record older than what is known of its client is left
     *     out, and so are tombstones
     */
    public void start(Collection<NodeId> members, Collection<Kept<D>> kept) {
        loading.keep(kept);
        peers.start(members);
    }

    /**
     * Takes over who is configured: the majority is one of these, and nobody else is talked to.
     *
     * @param members all, this node included unless it was removed
     */
    public void members(Collection<NodeId> members) {
        peers.configure(members);
    }

    /** Says from now on that this node is about to stop: it takes no client that beats, and its end is no failure. */
    public void leave() {
        peers.leave();
    }

    /** Says nothing any more, and listens to nobody. */
    public void stop() {
        peers.stop();
    }

    /** Takes in what another node says, at whatever time and however often it arrives. */
    public void onMessage(DistroMessage<K, D> message) {
        peers.onMessage(message);
    }

    /**
     * Asks every member that is up for all that it owns in some buckets, whether they seem to differ or not. What comes is
     * taken in as any repair is, so this may be done at any time and as often as one likes.
     *
     * @return who was asked
     */
    public List<NodeId> askAgain(Buckets buckets) {
        return peers.askAgain(buckets);
    }

    /** Returns whether this node has loaded what the others know; before, it should answer no query. */
    public boolean isReady() {
        return peers.isReady();
    }

    /**
     * Returns the node that should own the instance at an address which is kept alive by beats. Nodes may differ in
     * their opinion for a while, so whoever is asked does what it is asked for.
     *
     * @param address {@code ip:port}
     */
    public NodeId responsibleFor(String address) {
        return peers.responsibleFor(address);
    }

    /** Returns whether this node hears a majority of the members, itself included; of two or fewer always. */
    public boolean seesMajority() {
        return peers.seesMajority();
    }

    /** Returns a picture of replication as it is now. */
    public DistroStatus status() {
        return new DistroStatus(
                node.id(),
                node.incarnation(),
                peers.state(),
                peers.isLeaving(),
                peers.seesMajority(),
                peers.pictures(),
                store.liveCount(),
                replica.orphanCount(),
                store.tombstones().size(),
                stamps.driftMillis());
    }

    /**
     * Somebody told us what a client publishes, or that it publishes something else now.
     *
     * @param data all that the client publishes
     * @param changedKeys the parts that differ from what it published before
     * @return false where the connection has ended, or is another node's: its id never comes back, and nothing changed
     */
    public boolean publish(ClientId client, ClientKind kind, D data, Collection<K> changedKeys) {
        DistroRecord<D> known = store.known(client);
        if (known != null && kind == ClientKind.CONNECTION && !isConnected(known)) {
            return false;
        }
        if (known != null && !known.isTombstone() && known.kind() != kind) {
            throw new IllegalArgumentException("kind of client " + client + ": " + kind + " (expected: as before)");
        }
        return write(client, kind, stamps.told(known), data, Cause.PUBLISHED, changedKeys);
    }

    /**
     * Somebody told us that a client lives, and nothing else. Takes the record over where another node owned it. A beat
     * of a client that this node owns and shows as healthy needs no write.
     *
     * @return false where no living record is known, or it is a connection's that is not ours to speak for
     */
    public boolean heard(ClientId client) {
        DistroRecord<D> alive = store.find(client);
        if (alive == null || alive.data() == null || !mayWrite(alive)) {
            return false;
        }
        return write(client, alive.kind(), stamps.heard(alive), alive.data(), Cause.HEARD, List.of());
    }

    /**
     * Takes over the record of a client that beats from the node that owned it, or from an earlier life of this one; or
     * again, where it is an orphan of this node. Its content is as old as it is: the client should be asked to register.
     *
     * @return false where there is nothing to take over: no living record, this node speaks for it, or it is a
     *     connection's
     */
    public boolean adopt(ClientId client) {
        DistroRecord<D> alive = store.find(client);
        return alive != null
                && alive.kind() == ClientKind.BEAT
                && (!isOurs(alive) || isOrphan(client))
                && heard(client);
    }

    /**
     * Somebody told us that a client lives, and that changes what it publishes: it is healthy again.
     *
     * @return false where no living record is known that this node may write
     */
    public boolean revive(ClientId client, D data, Collection<K> changedKeys) {
        DistroRecord<D> alive = store.find(client);
        if (alive == null || !mayWrite(alive)) {
            return false;
        }
        return write(client, alive.kind(), stamps.heard(alive), data, Cause.HEARD, changedKeys);
    }

    /**
     * A beat that carries an instance came for a client that is not there. What the beat says may be old, so any
     * registration overrules it.
     *
     * @return false where the client is there already: nothing was changed
     */
    public boolean createdByBeat(ClientId client, D data, Collection<K> changedKeys) {
        if (store.find(client) != null) {
            return false;
        }
        return write(client, ClientKind.BEAT, stamps.heard(store.known(client)), data, Cause.HEARD, changedKeys);
    }

    /**
     * Nobody told us anything of a client, and that changes what it publishes: it is unhealthy.
     *
     * @return false where this node does not own a living record of it
     */
    public boolean lapse(ClientId client, D data, Collection<K> changedKeys) {
        DistroRecord<D> alive = store.find(client);
        if (alive == null || !isOurs(alive)) {
            return false;
        }
        return write(client, alive.kind(), lapsed(alive), data, Cause.LAPSED, changedKeys);
    }

    /**
     * Somebody told us that a client is gone. Leaves a tombstone even where nothing is known of the client, which then
     * counts as one that beats: its registration may still be under way from another node.
     *
     * @return whether it was there
     */
    public boolean withdraw(ClientId client) {
        return end(client, Cause.WITHDRAWN);
    }

    /**
     * A connection ended, and its client had not said that what it publishes is gone. As {@link #withdraw}, but for the
     * cause that all nodes are told.
     *
     * @return whether it was there
     */
    public boolean disconnected(ClientId client) {
        return end(client, Cause.DISCONNECTED);
    }

    private boolean end(ClientId client, Cause cause) {
        DistroRecord<D> known = store.known(client);
        boolean wasThere = known != null && !known.isTombstone();
        if (known != null
                && known.kind() == ClientKind.CONNECTION
                && (!wasThere || !known.owner().equals(node.id()))) {
            return false;
        }
        ClientKind kind = known == null ? ClientKind.BEAT : known.kind();
        write(client, kind, stamps.told(known), null, cause, null);
        return wasThere;
    }

    /**
     * A connection ended because we asked for it. What it published stays for {@link DistroConfig#drainGrace()}, and
     * goes then with {@link Cause#SILENCE}.
     *
     * @return false where this node does not own a living record of it, or it is drained already
     */
    public boolean drained(ClientId client) {
        DistroRecord<D> alive = store.find(client);
        if (alive == null || !isOurs(alive) || isOrphan(client)) {
            return false;
        }
        if (!node.keeps(Rule.DRAIN_GRACE)) {
            return withdraw(client);
        }
        long deadlineMillis = node.nowMillis() + node.config().drainGrace().toMillis();
        replica.orphaned(new Orphan(client, deadlineMillis, Why.DRAINED));
        return true;
    }

    /**
     * Nobody told us anything of a client for so long that it counts as gone.
     *
     * @return false where this node does not own a living record of it
     */
    public boolean expire(ClientId client) {
        DistroRecord<D> alive = store.find(client);
        if (alive == null || !isOurs(alive)) {
            return false;
        }
        return write(client, alive.kind(), lapsed(alive), null, Cause.SILENCE, null);
    }

    /**
     * What an orphan still says, once a part of it that a newer client had taken over was withdrawn there: the orphan must
     * not show it again. The orphan's time runs on.
     *
     * @param data what is left; null where nothing is, and the orphan goes
     * @param changedKeys the parts that differ
     * @return false where the client is no orphan: nothing was changed
     */
    public boolean trim(ClientId client, @Nullable D data, Collection<K> changedKeys) {
        DistroRecord<D> alive = store.find(client);
        Orphan orphan = replica.orphan(client);
        if (alive == null || orphan == null) {
            return false;
        }
        if (data == null) {
            if (isOurs(alive)) {
                return end(client, Cause.WITHDRAWN);
            }
            replica.forget(client, Cause.WITHDRAWN);
        } else if (isOurs(alive)) {
            DistroRecord<D> trimmed = own(client, alive.kind(), stamps.lapsed(alive), data, Cause.LAPSED);
            replica.apply(trimmed, changedKeys, Cause.WITHDRAWN, orphan);
            outbox.written(alive, trimmed, changedKeys);
        } else {
            // Not ours to write: only what this node shows of it changes.
            replica.amend(alive, data, changedKeys, Cause.WITHDRAWN);
        }
        return true;
    }

    /**
     * Whoever published an orphan had come back, and is gone again: the orphan goes sooner than it would. No effect where
     * the client is no orphan, or has less time left.
     *
     * @param left how long it stays from now
     */
    public void hasten(ClientId client, Duration left) {
        Orphan orphan = replica.orphan(client);
        long deadlineMillis = node.nowMillis() + left.toMillis();
        if (orphan != null && deadlineMillis < orphan.deadlineMillis()) {
            replica.orphaned(new Orphan(client, deadlineMillis, orphan.why()));
        }
    }

    /** Returns how long a restored orphan may still stay; null where the client is not one. */
    public @Nullable Duration restoredLeaseLeft(ClientId client) {
        Orphan orphan = replica.orphan(client);
        if (orphan == null || orphan.why() != Why.RESTORED) {
            return null;
        }
        return Duration.ofMillis(Math.max(0, orphan.deadlineMillis() - node.nowMillis()));
    }

    /** Returns whether a client's record lives and nobody speaks for it. */
    public boolean isOrphan(ClientId client) {
        return replica.orphan(client) != null;
    }

    /** Returns whether this incarnation of this node owns a living record of a client. An orphan may be owned. */
    public boolean owns(ClientId client) {
        DistroRecord<D> alive = store.find(client);
        return alive != null && isOurs(alive);
    }

    /**
     * Returns whether a beat of a client that is not there has no effect, since the client was withdrawn so lately that
     * the beat may have been under way.
     */
    public boolean ignoresBeat(ClientId client) {
        return withdrawnWithin(client, node.config().withdrawalQuiet());
    }

    /**
     * Returns whether a beat of a client that is not there does not create it, however complete, since it was withdrawn
     * lately: it is asked to register.
     */
    public boolean refusesBeat(ClientId client) {
        return withdrawnWithin(client, node.config().withdrawalRefusal());
    }

    /** Whether this node has learnt within a time that somebody withdrew a client, and of nothing since. */
    private boolean withdrawnWithin(ClientId client, Duration within) {
        DistroRecord<D> tombstone = store.tombstones().find(client);
        Long sinceMillis = store.tombstones().sinceMillis(client);
        return tombstone != null
                && sinceMillis != null
                && tombstone.cause() == Cause.WITHDRAWN
                && node.nowMillis() - sinceMillis < within.toMillis();
    }

    /** Returns the living record of a client; null where there is none. */
    public @Nullable DistroRecord<D> record(ClientId client) {
        return store.find(client);
    }

    /** Returns what is known of a client, its tombstone included; null where nothing is. */
    public @Nullable DistroRecord<D> known(ClientId client) {
        return store.known(client);
    }

    /** Gives each living record, in a defined order. The store must not change meanwhile. */
    public void forEachRecord(Consumer<DistroRecord<D>> each) {
        store.forEach(each);
    }

    /** Returns how many living records nobody speaks for. */
    public int orphanCount() {
        return replica.orphanCount();
    }

    /** Returns the hybrid clock in milliseconds since 1970: about now, never less than before. */
    public long hybridMillis() {
        return stamps.millis();
    }

    /** Returns by how many milliseconds the hybrid clock is ahead of this node's wall clock; 0 when it is not. */
    public long driftMillis() {
        return stamps.driftMillis();
    }

    private boolean isOurs(DistroRecord<D> record) {
        return node.owns(record);
    }

    /** Whether evidence that reaches this node may be written: of a client that beats always, whoever owned it. */
    private boolean mayWrite(DistroRecord<D> alive) {
        return alive.kind() == ClientKind.BEAT || isConnected(alive);
    }

    private boolean isConnected(DistroRecord<D> known) {
        return !known.isTombstone() && isOurs(known) && !isOrphan(known.client());
    }

    private boolean write(
            ClientId client,
            ClientKind kind,
            Stamp stamp,
            @Nullable D data,
            Cause cause,
            @Nullable Collection<K> changedKeys) {
        DistroRecord<D> before = store.find(client);
        DistroRecord<D> after = own(client, kind, stamp, data, cause);
        if (!replica.apply(after, changedKeys, cause, null)) {
            throw new IllegalStateException("own write not the latest: " + stamp + " known: " + store.known(client));
        }
        if (after.isTombstone() && !node.keeps(Rule.TOMBSTONES)) {
            store.forgetTombstone(client);
        }
        outbox.written(before, after, changedKeys);
        return true;
    }

    private Stamp lapsed(DistroRecord<D> alive) {
        return node.keeps(Rule.LAPSES_ARE_NO_EVIDENCE) ? stamps.lapsed(alive) : stamps.told(alive);
    }

    private DistroRecord<D> own(ClientId client, ClientKind kind, Stamp stamp, @Nullable D data, Cause cause) {
        return new DistroRecord<>(client, kind, node.id(), node.incarnation(), stamp, data, cause);
    }

    private void endOrphan(Orphan orphan) {
        ClientId client = orphan.client();
        if (orphan.end() == Cause.SILENCE) {
            expire(client);
        } else if (orphan.isForSilence() && !peers.mayForget()) {
            long laterMillis = node.nowMillis() + node.sync().memberDownAfter().toMillis();
            replica.orphaned(new Orphan(client, laterMillis, orphan.why()));
        } else {
            outbox.foreign(client);
            replica.forget(client, Cause.FORGOTTEN);
        }
    }
}
