package io.registry.server.raft;

import io.registry.server.core.cluster.ClusterMember;
import io.registry.server.raft.GroupMembership.Known;
import io.registry.server.raft.PeerMessages.Hello;
import io.registry.server.raft.PeerMessages.Outcome;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The other members, as this one asks them.
 *
 * <p>A group forms once. The node whose address comes first in the list founds it, when it has heard from all of the
 * others that they belong to no group and have the same list; they take over what it has decided. So no two members can
 * begin with different lists. A node that is blank when the group exists is never taken for the one that had its address
 * before, since that one may have voted and acknowledged: it asks to be taken in, in that one's place, under an id of its
 * own.
 *
 * <p><b>Threading</b>: one thread at a time, which blocks; {@link #hello} and {@link #propose} from any.
 */
final class Group implements Closeable {

    private static final Logger LOG = LoggerFactory.getLogger(Group.class);

    private static final int HELLO_MILLIS = 2_000;
    private static final int PROPOSE_MILLIS = 4_000;

    /** The joining member is brought up to date meanwhile. */
    private static final int CHANGE_MILLIS = 40_000;

    final PeerClients clients;

    private final ClusterMember self;
    private final String cluster;
    private final GroupConfig group;
    private final GroupMembership membership;
    private volatile List<String> wanted = List.of();
    private String waitingFor = "";

    Group(RaftConfig config, GroupConfig group, GroupMembership membership) {
        this.self = config.self();
        this.cluster = config.cluster();
        this.group = group;
        this.membership = membership;
        this.clients = new PeerClients(group.secret(), group.tls());
    }

    /** Returns the addresses with which this node would found a group; any thread. */
    List<String> wanted() {
        return wanted;
    }

    /** Reads anew where members may be found, so that what is wrong there is told before it is needed. */
    void lookAround() {
        var unused = group.lookup().addresses();
    }

    /** Returns a word on where members are looked for. */
    String where() {
        return group.lookup().describe();
    }

    /** Returns where the Raft port of a node is looked for. */
    String raftAddress(String http) {
        return group.raftAddress(http);
    }

    /** Tries once to find out who is in the group, or to found it; empty where it has to be tried again. */
    Optional<List<ClusterMember>> form() throws IOException {
        if (!membership.members().isEmpty()) {
            return Optional.of(membership.members());
        }
        wanted = new ArrayList<>(new TreeSet<>(group.lookup().addresses()));
        List<ClusterMember> blank = new ArrayList<>();
        List<String> silent = new ArrayList<>();
        for (String http : wanted) {
            if (http.equals(self.http())) {
                blank.add(self);
                continue;
            }
            try {
                Hello hello = hello(raftAddress(http));
                if (!hello.known().members().isEmpty()) {
                    membership.learn(hello.known().index(), hello.known().members());
                    return Optional.of(membership.members());
                }
                check(hello, blank);
                blank.add(hello.self());
            } catch (IOException e) {
                silent.add(http + " (" + e.getMessage() + ")");
            }
        }
        String waits = waits(silent);
        if (waits.isEmpty()) {
            membership.learn(0, blank);
            LOG.info("the group is founded: cluster={} members={}", cluster, blank);
            return Optional.of(membership.members());
        }
        if (!waits.equals(waitingFor)) {
            waitingFor = waits;
            LOG.info("the group is not formed yet; waiting for {}", waits);
        }
        return Optional.empty();
    }

    private void check(Hello hello, List<ClusterMember> others) throws IOException {
        if (others.stream().anyMatch(each -> each.id().equals(hello.self().id()))
                || hello.self().id().equals(self.id())) {
            throw new IOException("it is the node " + hello.self() + ", which has another address in the list");
        }
        if (hello.wanted().isEmpty()) {
            throw new IOException("it has only just started");
        }
        if (!hello.wanted().equals(wanted)) {
            throw new IOException("its own list is " + hello.wanted());
        }
    }

    /** Returns what this node waits for before it founds the group; empty where it waits for nothing. */
    private String waits(List<String> silent) {
        if (wanted.size() < group.lookup().foundingSize()) {
            return group.lookup().foundingSize() + " addresses from "
                    + group.lookup().describe() + "; there are " + wanted.size();
        }
        if (!wanted.contains(self.http())) {
            return "this node's own address " + self.http() + " in "
                    + group.lookup().describe() + ", which has " + wanted;
        }
        if (!silent.isEmpty()) {
            return String.join(", ", silent);
        }
        return wanted.get(0).equals(self.http()) ? "" : wanted.get(0) + " to found the group";
    }

    /** Asks all nodes that may know it who the members are, and tells them where this one is. */
    void ask() throws IOException {
        for (String address : addresses()) {
            try {
                Known known = hello(address).known();
                membership.learn(known.index(), known.members());
            } catch (IOException e) {
                LOG.debug("no answer from {}", address, e);
            }
        }
    }

    /**
     * Asks the members, one after another, to be taken in, or to take note of this node's addresses; returns whether the
     * leader has done so.
     */
    boolean join() {
        byte[] question = PeerMessages.encode(self);
        for (String address : addresses()) {
            try {
                clients.to(address).call(PeerMessages.JOIN, question, CHANGE_MILLIS);
                return true;
            } catch (IOException e) {
                LOG.debug("not taken in by {}", address, e);
            }
        }
        return false;
    }

    /** Returns where the Raft ports of other members are, or may be. */
    private Set<String> addresses() {
        Set<String> addresses = new LinkedHashSet<>();
        membership.members().forEach(member -> {
            if (!member.id().equals(self.id())) {
                addresses.add(member.raft());
            }
        });
        group.lookup().addresses().forEach(http -> addresses.add(raftAddress(http)));
        addresses.remove(self.raft());
        return addresses;
    }

    Hello hello(String address) throws IOException {
        byte[] question = PeerMessages.encode(self);
        return PeerMessages.hello(clients.to(address).call(PeerMessages.HELLO, question, HELLO_MILLIS));
    }

    List<Outcome> propose(String leader, List<byte[]> entries) throws IOException {
        return PeerMessages.outcomes(
                clients.to(leader).callOnce(PeerMessages.PROPOSE, PeerMessages.encodeEntries(entries), PROPOSE_MILLIS));
    }

    /** Asks the leader for a change of the group. */
    Outcome change(String leader, int kind, byte[] question) throws IOException {
        return PeerMessages.outcomes(clients.to(leader).callOnce(kind, question, CHANGE_MILLIS))
                .get(0);
    }

    @Override
    public void close() throws IOException {
        clients.close();
    }
}
