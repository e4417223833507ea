package io.registry.distro.sim.engine;

import io.registry.distro.model.NodeId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Brings what nodes send each other, or not: each link, of one node to one other, has its own weather, can be cut, and
 * can be clogged, so that everything arrives late and at once.
 *
 * <p>What is under way when its sender stops arrives all the same.
 */
public final class SimNetwork {

    private final SimLoop loop;
    private final Chance chance;
    private final Map<Link, LinkState> links = new LinkedHashMap<>();
    private Map<NodeId, Integer> sides = new LinkedHashMap<>();
    private Weather usual = Weather.FINE;
    private long sent;

    private record Link(NodeId from, NodeId to) {}

    private static final class LinkState {
        private Weather weather;
        private boolean cut;
        private long cloggedUntilMillis;

        LinkState(Weather weather) {
            this.weather = weather;
        }
    }

    /** Makes a network in fine weather. */
    public SimNetwork(SimLoop loop, Chance chance) {
        this.loop = loop;
        this.chance = chance;
    }

    /** Sends something. */
    public void send(NodeId from, NodeId to, Runnable arrival) {
        sent++;
        LinkState link = link(from, to);
        if (!isOpen(from, to) || chance.odds(link.weather.loss())) {
            return;
        }
        loop.after(delay(link), arrival);
        if (chance.odds(link.weather.duplication())) {
            loop.after(delay(link), arrival);
        }
    }

    /** Returns whether what one node sends can reach another now. */
    public boolean isOpen(NodeId from, NodeId to) {
        return !link(from, to).cut && sideOf(from) == sideOf(to);
    }

    /** Returns on which side of the partition a node is; 0 where there is none. */
    public int sideOf(NodeId node) {
        return sides.getOrDefault(node, 0);
    }

    /** Returns the sides there are, ascending. */
    public List<Integer> sides() {
        Set<Integer> all = new TreeSet<>(sides.values());
        return all.isEmpty() ? List.of(0) : new ArrayList<>(all);
    }

    /** Divides the nodes: those of different sides do not reach each other. A node without a side is on side 0. */
    public void partition(Map<NodeId, Integer> sideOfNode) {
        sides = new LinkedHashMap<>(sideOfNode);
    }

    /** Cuts a link in one direction. */
    public void cut(NodeId from, NodeId to) {
        link(from, to).cut = true;
    }

    /** Mends a link that was cut. */
    public void mend(NodeId from, NodeId to) {
        link(from, to).cut = false;
    }

    /** Holds back what is sent on a link from now on, and lets it all arrive when the time is over. */
    public void clog(NodeId from, NodeId to, long millis) {
        LinkState link = link(from, to);
        link.cloggedUntilMillis = Math.max(link.cloggedUntilMillis, loop.nowMillis() + millis);
    }

    /** Sets the weather of all links. */
    public void weather(Weather weather) {
        usual = weather;
        links.values().forEach(link -> link.weather = weather);
    }

    /** Sets the weather of one link. */
    public void weather(NodeId from, NodeId to, Weather weather) {
        link(from, to).weather = weather;
    }

    /** Makes the network whole, in fine weather. What was held back arrives soon. */
    public void heal() {
        sides = new LinkedHashMap<>();
        weather(Weather.FINE);
        for (LinkState link : links.values()) {
            link.cut = false;
            link.cloggedUntilMillis = 0;
        }
    }

    /** Returns how much was sent. */
    public long sent() {
        return sent;
    }

    private LinkState link(NodeId from, NodeId to) {
        return links.computeIfAbsent(new Link(from, to), link -> new LinkState(usual));
    }

    /** Most are quick: the share is cubed, so half of the messages take less than an eighth of the longest delay. */
    private long delay(LinkState link) {
        double share = chance.share();
        long delay = 1 + Math.round(share * share * share * link.weather.delayMillisMax());
        return Math.max(delay, link.cloggedUntilMillis - loop.nowMillis() + chance.upTo(20));
    }
}
