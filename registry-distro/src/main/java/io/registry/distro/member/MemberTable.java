package io.registry.distro.member;

import io.registry.distro.model.NodeId;
import io.registry.distro.model.NodeState;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The configured members other than this node, and what was heard of each. Who is configured is decided elsewhere; who
 * is up, here: whoever was heard within a time.
 *
 * <p><b>Threading:</b> runs on the owner's loop.
 */
public final class MemberTable {

    /** What a word of a node says about the node. */
    public enum Word {
        /** It is of an earlier life, or of a node that is no member: not to be listened to. */
        STALE,
        /** From one that is up. */
        KNOWN,
        /** From one that had not been heard since this node started, or was down, in the same life. */
        RETURNED,
        /** From a new life, or the first that was ever heard of it. */
        RESTARTED
    }

    private static final class Entry {
        private long incarnation;
        private long heardMillis;
        private boolean up;
        private long upSinceMillis;
        private NodeState state = NodeState.LOADING;
        private boolean leaving;

        Entry(long nowMillis) {
            heardMillis = nowMillis;
        }
    }

    private final NodeId self;
    private final long downAfterMillis;
    private final Map<NodeId, Entry> others = new TreeMap<>();
    private boolean selfIsMember;

    /**
     * Makes a table without members.
     *
     * @param downAfterMillis after how long without a word a member is down
     */
    public MemberTable(NodeId self, long downAfterMillis) {
        this.self = self;
        this.downAfterMillis = downAfterMillis;
    }

    /**
     * Takes over who is configured.
     *
     * @param members all, this node included
     * @return those that are configured no longer, in order
     */
    public List<NodeId> configure(Collection<NodeId> members, long nowMillis) {
        List<NodeId> gone = new ArrayList<>();
        for (NodeId known : others.keySet()) {
            if (!members.contains(known)) {
                gone.add(known);
            }
        }
        gone.forEach(others::remove);
        selfIsMember = members.contains(self);
        for (NodeId member : members) {
            if (!member.equals(self)) {
                others.computeIfAbsent(member, id -> new Entry(nowMillis));
            }
        }
        return gone;
    }

    /** Takes note that a node said something. */
    public Word heard(NodeId node, long incarnation, long nowMillis) {
        Entry entry = others.get(node);
        if (entry == null || incarnation < entry.incarnation) {
            return Word.STALE;
        }
        entry.heardMillis = nowMillis;
        if (incarnation > entry.incarnation) {
            entry.incarnation = incarnation;
            entry.state = NodeState.LOADING;
            entry.leaving = false;
            entry.up = true;
            entry.upSinceMillis = nowMillis;
            return Word.RESTARTED;
        }
        if (entry.up) {
            return Word.KNOWN;
        }
        entry.up = true;
        entry.upSinceMillis = nowMillis;
        return Word.RETURNED;
    }

    /**
     * Takes note of how a member says it is.
     *
     * @return whether that is news
     */
    public boolean says(NodeId node, NodeState state, boolean leaving) {
        Entry entry = others.get(node);
        if (entry == null || (entry.state == state && entry.leaving == leaving)) {
            return false;
        }
        entry.state = state;
        entry.leaving = leaving;
        return true;
    }

    /** Counts as down who has not been heard for the time, and returns those who were up until now, in order. */
    public List<Member> downs(long nowMillis) {
        List<Member> downs = new ArrayList<>();
        others.forEach((node, entry) -> {
            if (entry.up && nowMillis - entry.heardMillis > downAfterMillis) {
                entry.up = false;
                downs.add(picture(node, entry, nowMillis));
            }
        });
        return downs;
    }

    /** Returns the configured members other than this node, in order. */
    public List<NodeId> others() {
        return List.copyOf(others.keySet());
    }

    /** Returns whether a member is up. */
    public boolean isUp(NodeId node) {
        Entry entry = others.get(node);
        return entry != null && entry.up;
    }

    /** Returns whether all other members are up, each in one life and without a break for so many milliseconds. */
    public boolean areUpFor(long millis, long nowMillis) {
        return others.values().stream().allMatch(entry -> entry.up && nowMillis - entry.upSinceMillis >= millis);
    }

    /** Returns the latest incarnation that was heard of a member; 0 where none was. */
    public long incarnation(NodeId node) {
        Entry entry = others.get(node);
        return entry == null ? 0 : entry.incarnation;
    }

    /** Returns whether this node and those that are up are more than half of the members, or there are but two. */
    public boolean seesMajority() {
        int configured = others.size() + (selfIsMember ? 1 : 0);
        if (configured < 3) {
            return true;
        }
        long up = others.values().stream().filter(entry -> entry.up).count() + (selfIsMember ? 1 : 0);
        return up * 2 > configured;
    }

    /** Returns a picture of a member; null where it is none. */
    public @Nullable Member find(NodeId node, long nowMillis) {
        Entry entry = others.get(node);
        return entry == null ? null : picture(node, entry, nowMillis);
    }

    /** Returns a picture of the other members, in order. */
    public List<Member> pictures(long nowMillis) {
        List<Member> pictures = new ArrayList<>();
        others.forEach((node, entry) -> pictures.add(picture(node, entry, nowMillis)));
        return pictures;
    }

    private static Member picture(NodeId node, Entry entry, long nowMillis) {
        return new Member(node, entry.incarnation, entry.up, entry.state, entry.leaving, nowMillis - entry.heardMillis);
    }
}
