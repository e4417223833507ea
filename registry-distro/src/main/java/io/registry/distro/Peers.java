package io.registry.distro;

import io.registry.distro.Orphans.Orphan;
import io.registry.distro.Orphans.Why;
import io.registry.distro.member.Member;
import io.registry.distro.member.MemberTable;
import io.registry.distro.member.Responsibility;
import io.registry.distro.message.DistroMessage;
import io.registry.distro.message.DistroMessage.BucketPart;
import io.registry.distro.message.DistroMessage.BucketSync;
import io.registry.distro.message.DistroMessage.Digest;
import io.registry.distro.message.DistroMessage.Orphaned;
import io.registry.distro.message.DistroMessage.Resync;
import io.registry.distro.message.DistroMessage.Sync;
import io.registry.distro.message.DistroMessage.SyncAck;
import io.registry.distro.message.DistroMessage.Want;
import io.registry.distro.message.RecordUpdate;
import io.registry.distro.message.RecordUpdate.Mention;
import io.registry.distro.message.RecordUpdate.Whole;
import io.registry.distro.model.Buckets;
import io.registry.distro.model.Cause;
import io.registry.distro.model.ClientId;
import io.registry.distro.model.ClientKind;
import io.registry.distro.model.DistroRecord;
import io.registry.distro.model.NodeId;
import io.registry.distro.model.NodeState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * This node among the others: says every second how it is and what it owns, listens to what they say, and draws the
 * conclusions when one falls silent, comes back or starts anew.
 *
 * <p><b>Threading:</b> runs on the loop.
 */
final class Peers<K, D> implements DistroMessage.Handler<K, D> {

    private final LocalNode<K, D> node;
    private final Stamps stamps;
    private final Replica<K, D> replica;
    private final MemberTable members;
    private final Voices<K, D> voices;
    private final Outbox<K, D> outbox;
    private final Receiver<K, D> receiver;
    private final Loading<D> loading;
    private final DistroListener<K, D> listener;
    private final Map<NodeId, PeerView<K, D>> views = new TreeMap<>();
    private List<NodeId> taking;
    private boolean leaving;
    private boolean running;
    private boolean ticking;

    Peers(
            LocalNode<K, D> node,
            Stamps stamps,
            Replica<K, D> replica,
            MemberTable members,
            Voices<K, D> voices,
            Outbox<K, D> outbox,
            Loading<D> loading,
            DistroListener<K, D> listener) {
        this.node = node;
        this.stamps = stamps;
        this.replica = replica;
        this.members = members;
        this.voices = voices;
        this.outbox = outbox;
        this.receiver = new Receiver<>(node, stamps, replica, voices, outbox, listener);
        this.loading = loading;
        this.listener = listener;
        this.taking = List.of(node.id());
    }

    void start(Collection<NodeId> configured) {
        loading.start(now());
        configure(configured);
        running = true;
        tick();
    }

    void stop() {
        running = false;
        members.others().forEach(outbox::close);
    }

    void leave() {
        leaving = true;
        chooseTaking();
        if (running) {
            members.others().forEach(this::sendDigest);
        }
    }

    /** Takes over who is configured. Who is no more, has no voice from now on. */
    void configure(Collection<NodeId> configured) {
        for (NodeId gone : members.configure(configured, now())) {
            outbox.close(gone);
            views.remove(gone);
            receiver.forgetPieces(gone);
            orphanAll(gone, record -> voices.silent(record, null));
        }
        for (NodeId other : members.others()) {
            views.computeIfAbsent(
                    other, id -> new PeerView<>(node.sync().ackTimeout().toMillis(), !loading.isReady()));
        }
        chooseTaking();
        if (running && !ticking) {
            tick();
        }
    }

    boolean isReady() {
        return loading.isReady();
    }

    /** The node that is to own a client that beats. This node, where no other takes clients. */
    NodeId responsibleFor(String address) {
        return taking.size() == 1 ? taking.get(0) : Responsibility.among(taking, address);
    }

    /** Whether records may be forgotten for silence. */
    boolean mayForget() {
        return voices.mayForget();
    }

    void onMessage(DistroMessage<K, D> message) {
        if (!running) {
            return;
        }
        NodeId from = message.sender();
        switch (members.heard(from, message.incarnation(), now())) {
            case STALE -> {
                return;
            }
            case RESTARTED -> {
                outbox.close(from);
                restarted(from, message.incarnation());
                opened(from);
            }
            case RETURNED -> {
                for (DistroRecord<D> record :
                        replica.living(each -> each.owner().equals(from))) {
                    Orphan mark = replica.orphan(record.client());
                    if (mark != null
                            && mark.why() == Why.OWNER_SILENT
                            && record.ownerIncarnation() == message.incarnation()) {
                        replica.spokenFor(record.client());
                    }
                }
                opened(from);
                outbox.tellOfTombstones(from);
            }
            case KNOWN -> {}
        }
        message.to(this);
    }

    /** Asks all that are up for buckets; returns who they are. */
    List<NodeId> askAgain(Buckets buckets) {
        List<NodeId> asked = new ArrayList<>();
        for (Member member : members.pictures(now())) {
            if (running && member.up() && !buckets.isEmpty()) {
                ask(member.id(), buckets);
                asked.add(member.id());
            }
        }
        return asked;
    }

    @Override
    public void digest(Digest<K, D> digest) {
        NodeId from = digest.sender();
        stamps.heardClock(from, digest.clock());
        if (members.says(from, digest.state(), digest.leaving())) {
            chooseTaking();
            tellMember(from);
        }
        PeerView<K, D> view = view(from);
        Buckets ask = view.compare(digest, replica.sums(from, digest.incarnation()), now());
        if (!ask.isEmpty()) {
            ask(from, ask);
        }
        lookWhetherReady();
    }

    @Override
    public void resync(Resync<K, D> resync) {
        PeerSync<K, D> sync = outbox.to(resync.sender());
        if (sync != null) {
            sync.wants(resync.buckets(), resync.orphans() && node.keeps(Rule.ORPHANS_TO_LOADING));
        }
    }

    @Override
    public void bucketSync(BucketSync<K, D> sync) {
        NodeId from = sync.sender();
        PeerView<K, D> view = view(from);
        List<Want> wants = new ArrayList<>();
        sync.empty().forEach(bucket -> {
            omitted(from, sync.incarnation(), bucket, sync.asOf(), Collections.emptySet());
            view.empty(bucket, now());
        });
        for (BucketPart<K, D> part : sync.parts()) {
            Map<ClientId, Orphaned> orphans = new TreeMap<>();
            part.orphans().forEach(orphan -> orphans.put(orphan.client(), orphan));
            for (RecordUpdate<K, D> update : part.updates()) {
                Orphaned orphan = orphans.get(update.client());
                if (orphan == null) {
                    take(view, from, update, true, wants);
                } else if (isNews(update)) {
                    voices.hearOf(orphan);
                    take(view, from, update, true, wants);
                }
            }
            Set<ClientId> listed = view.arrived(part, now());
            if (listed != null) {
                omitted(from, sync.incarnation(), part.bucket(), part.asOf(), listed);
            }
        }
        acknowledge(from, sync.incarnation(), sync.sequence(), wants);
        lookWhetherReady();
    }

    @Override
    public void sync(Sync<K, D> sync) {
        PeerView<K, D> view = view(sync.sender());
        List<Want> wants = new ArrayList<>();
        for (RecordUpdate<K, D> update : sync.updates()) {
            take(view, sync.sender(), update, false, wants);
        }
        acknowledge(sync.sender(), sync.incarnation(), sync.sequence(), wants);
        lookWhetherReady();
    }

    @Override
    public void syncAck(SyncAck<K, D> ack) {
        PeerSync<K, D> sync = outbox.to(ack.sender());
        if (sync != null && ack.ofIncarnation() == node.incarnation()) {
            sync.acknowledged(ack);
        }
    }

    List<DistroStatus.Peer> pictures() {
        List<DistroStatus.Peer> pictures = new ArrayList<>();
        for (Member member : members.pictures(now())) {
            PeerView<K, D> view = view(member.id());
            PeerSync<K, D> sync = outbox.to(member.id());
            pictures.add(new DistroStatus.Peer(
                    member,
                    sync == null ? 0 : sync.waiting(),
                    sync == null ? 0 : sync.lagMillis(),
                    view.differing(),
                    view.differingMillis(now()),
                    view.toLoad()));
        }
        return pictures;
    }

    NodeState state() {
        return loading.state(now());
    }

    boolean isLeaving() {
        return leaving;
    }

    boolean seesMajority() {
        return members.seesMajority();
    }

    private void take(PeerView<K, D> view, NodeId from, RecordUpdate<K, D> update, boolean ofBucket, List<Want> wants) {
        Want want = receiver.take(from, update, ofBucket);
        if (want != null) {
            wants.add(want);
        }
        if (want != null
                && update instanceof Mention<K, D> mention
                && voices.speaksFor(from, mention.owner(), mention.ownerIncarnation())) {
            view.awaits(update.client());
        } else if (replica.store().known(update.client()) != null) {
            view.came(update.client());
        }
    }

    private void omitted(NodeId owner, long ofIncarnation, int bucket, long asOf, Set<ClientId> listed) {
        if (!node.keeps(Rule.OMISSION)) {
            return;
        }
        for (DistroRecord<D> record : List.copyOf(replica.store().records(bucket))) {
            if (record.isOwnedBy(owner, ofIncarnation) && !listed.contains(record.client())) {
                receiver.omitted(record, asOf);
            }
        }
    }

    /** Whether this node wants to hear from others of a record that its owner does not speak for: where nobody else tells. */
    private boolean isNews(RecordUpdate<K, D> update) {
        if (loading.isReady()) {
            return false;
        }
        if (update instanceof Whole<K, D> whole) {
            DistroRecord<D> record = whole.record();
            return record.kind() == ClientKind.BEAT || !voices.isHeard(record.owner(), record.ownerIncarnation());
        }
        return update instanceof Mention<K, D> mention && !voices.isHeard(mention.owner(), mention.ownerIncarnation());
    }

    private void ask(NodeId peer, Buckets buckets) {
        node.ports().transport().send(peer, new Resync<>(node.id(), node.incarnation(), buckets, !loading.isReady()));
    }

    private void acknowledge(NodeId to, long ofIncarnation, long sequence, List<Want> wants) {
        node.ports().transport().send(to, new SyncAck<>(node.id(), node.incarnation(), ofIncarnation, sequence, wants));
    }

    private void opened(NodeId peer) {
        outbox.open(peer);
        view(peer).reset();
        chooseTaking();
        tellMember(peer);
        // At once, so that two that meet do not wait for each other's next second.
        sendDigest(peer);
    }

    private void restarted(NodeId owner, long newIncarnation) {
        receiver.forgetPieces(owner);
        for (DistroRecord<D> record :
                replica.living(each -> each.owner().equals(owner) && each.ownerIncarnation() < newIncarnation)) {
            Orphan mark = replica.orphan(record.client());
            Orphan restarted = voices.restarted(record);
            if (mark == null
                    || ((mark.why() == Why.OWNER_SILENT || mark.why() == Why.HEARSAY)
                            && restarted.deadlineMillis() < mark.deadlineMillis())) {
                replica.orphaned(restarted);
            }
        }
    }

    private void orphanAll(NodeId owner, Function<DistroRecord<D>, Orphan> mark) {
        for (DistroRecord<D> record : replica.living(each -> each.owner().equals(owner))) {
            if (replica.orphan(record.client()) == null) {
                replica.orphaned(mark.apply(record));
            }
        }
    }

    /** Every digest interval. */
    private void tick() {
        if (!running) {
            ticking = false;
            return;
        }
        List<Member> downs = members.downs(now());
        for (Member down : downs) {
            outbox.close(down.id());
            view(down.id()).reset();
            receiver.forgetPieces(down.id());
            orphanAll(down.id(), record -> voices.silent(record, down));
            chooseTaking();
            listener.memberChanged(down);
        }
        if (!downs.isEmpty()) {
            loadAgain();
        }
        lookWhetherReady();
        voices.forgetHearsay();
        members.others().forEach(this::sendDigest);
        ticking = !members.others().isEmpty();
        if (ticking) {
            node.ports().timer().after(node.sync().digestInterval(), this::tick);
        }
    }

    private void sendDigest(NodeId to) {
        node.ports()
                .transport()
                .send(
                        to,
                        new Digest<>(
                                node.id(),
                                node.incarnation(),
                                loading.state(now()),
                                leaving,
                                stamps.now(),
                                replica.sums(node.id(), node.incarnation()),
                                outbox.busy(to)));
    }

    private void lookWhetherReady() {
        if (loading.isReady()) {
            return;
        }
        List<Member> pictures = members.pictures(now());
        boolean allHeard = pictures.stream().allMatch(Member::up);
        if (!allHeard && loading.givesUpNow(now())) {
            loadAgain();
        }
        boolean settledPeer = pictures.stream().anyMatch(member -> member.up() && member.state() == NodeState.SETTLED);
        boolean loaded = pictures.stream()
                .filter(Member::up)
                .allMatch(member -> view(member.id()).isLoaded());
        for (Kept<D> kept : loading.restoreNow(now(), allHeard, settledPeer)) {
            restore(kept);
        }
        if (loading.readyNow(now(), allHeard, settledPeer, loaded || !node.keeps(Rule.LOAD_BEFORE_READY))) {
            chooseTaking();
            listener.ready();
            members.others().forEach(this::sendDigest);
        }
    }

    /**
     * What a member owned that is not heard is known to the others as orphans. Who was asked before they noticed has not told
     * of them.
     */
    private void loadAgain() {
        if (loading.isReady() || !node.keeps(Rule.ORPHANS_TO_LOADING)) {
            return;
        }
        for (Member member : members.pictures(now())) {
            if (member.up()) {
                ask(member.id(), view(member.id()).loadAgain(now()));
            }
        }
    }

    private void restore(Kept<D> kept) {
        Duration lease = kept.lease();
        if (lease.isNegative() || lease.isZero() || kept.record().isTombstone() || !stamps.believe(kept.record())) {
            return;
        }
        long leaseMillis = Math.min(lease.toMillis(), node.config().ownerLease().toMillis());
        Orphan orphan = new Orphan(kept.record().client(), now() + leaseMillis, Why.RESTORED);
        replica.apply(kept.record(), null, Cause.RESTORED, orphan);
    }

    private void chooseTaking() {
        List<NodeId> nodes = new ArrayList<>();
        for (Member member : members.pictures(now())) {
            if (member.isTakingClients()) {
                nodes.add(member.id());
            }
        }
        if ((loading.isReady() && !leaving) || nodes.isEmpty()) {
            nodes.add(node.id());
        }
        taking = nodes;
    }

    private void tellMember(NodeId node) {
        Member member = members.find(node, now());
        if (member != null) {
            listener.memberChanged(member);
        }
    }

    private PeerView<K, D> view(NodeId peer) {
        @Nullable PeerView<K, D> view = views.get(peer);
        if (view == null) {
            throw new IllegalStateException("no member: " + peer);
        }
        return view;
    }

    private long now() {
        return node.nowMillis();
    }
}
