package io.registry.server.sim;

import io.registry.api.model.ServiceKey;
import io.registry.distro.model.ClientId;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What is looked at whenever a node says something to a consumer, and whenever a consumer is told it. What is found is noted
 * with the world, since nothing that is thrown comes through the loop of a node.
 */
final class NamingChecks {

    /** So long may an instance that has gone be shown, or the word that it has gone be under way, while it is back. */
    private static final long UNDER_WAY_MILLIS = 40_000;

    /** How long after it was confirmed every node knows of a deregistration, though the word of it may be lost once. */
    private static final long GOODBYE_MILLIS = 5_000;

    private record Wanted(ServiceKey service, String address) {}

    private record Spoken(ClientId link, ServiceKey service) {}

    private final NamingWorld world;
    private final Set<Wanted> wanted = new LinkedHashSet<>();
    private final Set<Wanted> established = new LinkedHashSet<>();
    private final Map<Wanted, Long> goneMillis = new LinkedHashMap<>();
    private final Map<Wanted, Long> deregisteredMillis = new LinkedHashMap<>();
    private final Map<Spoken, Long> saidRevision = new LinkedHashMap<>();
    private final Map<ClientId, Long> saidMillis = new LinkedHashMap<>();
    private long said;

    NamingChecks(NamingWorld world) {
        this.world = world;
    }

    /** An instance is there, and wants to be seen. */
    void wanted(ServiceKey service, String address) {
        wanted.add(new Wanted(service, address));
    }

    /** An instance has gone, or does not want to be seen any more; or it is away for a moment by its own doing. */
    void unwanted(ServiceKey service, String address) {
        Wanted gone = new Wanted(service, address);
        wanted.remove(gone);
        established.remove(gone);
        goneMillis.put(gone, world.loop().nowMillis());
    }

    /** An instance has been deregistered, and a node has confirmed it. */
    void deregistered(ServiceKey service, String address) {
        deregisteredMillis.put(new Wanted(service, address), world.loop().nowMillis());
    }

    /** An instance comes, or comes back. */
    void comes(ServiceKey service, String address) {
        deregisteredMillis.remove(new Wanted(service, address));
    }

    /** Looks which instances every process knows by now: from then on no consumer may be shown a list without them. */
    void audit() {
        List<NodeProcess> processes = world.processes();
        if (processes.size() < 2) {
            return;
        }
        long nowMillis = world.loop().nowMillis();
        for (Wanted each : wanted) {
            Long gone = goneMillis.get(each);
            if (!established.contains(each)
                    && (gone == null || nowMillis - gone > UNDER_WAY_MILLIS)
                    && processes.stream()
                            .allMatch(process -> NamingAgreement.shown(process, each.service())
                                    .containsKey(each.address()))) {
                established.add(each);
            }
        }
    }

    /** A node answers or pushes. */
    void said(Link link, ServiceKey service, Said said) {
        this.said++;
        NodeProcess process = link.process();
        if (!process.hasLoaded()) {
            world.objectsTo(process.id() + " speaks before it has loaded what the others know: to " + link.id() + " of "
                    + service.name() + ": " + said);
        }
        long before = saidMillis.getOrDefault(link.id(), 0L);
        if (said.lastRefTime() < before) {
            world.objectsTo(process.id() + " goes back in time: to " + link.id() + " from " + before + " to " + said);
        }
        saidMillis.put(link.id(), said.lastRefTime());
        long revision = saidRevision.getOrDefault(new Spoken(link.id(), service), 0L);
        // A service that has gone since has no revision.
        if (said.revision() < revision && said.revision() > 0) {
            world.objectsTo(process.id() + " says to " + link.id() + " of " + service.name()
                    + " what is older than revision " + revision + ": " + said);
        }
        saidRevision.put(new Spoken(link.id(), service), Math.max(revision, said.revision()));
        if (world.plan().gentle()) {
            nobodyIsMissing(link, service, said);
            nobodyIsHeld(link, service, said);
        }
    }

    /** Returns how many answers and pushes there were. */
    long said() {
        return said;
    }

    /** A consumer is told something. */
    void arrived(Link link, ServiceKey service, Said said) {
        Said before = link.arrived(service, said);
        if (before == null || world.plan().apart()) {
            return;
        }
        boolean older = said.revision() < before.revision() && said.revision() > 0;
        if (older || said.lastRefTime() < before.lastRefTime()) {
            world.objectsTo(link.id() + " is told of " + service.name() + " by "
                    + link.process().id() + " what is older: " + said + " after " + before);
        }
    }

    /** Whoever says goodbye is gone soon, however many do so at once. */
    private void nobodyIsHeld(Link link, ServiceKey service, Said said) {
        deregisteredMillis.forEach((gone, atMillis) -> {
            if (gone.service().equals(service)
                    && said.instances().containsKey(gone.address())
                    && world.loop().nowMillis() - atMillis > GOODBYE_MILLIS) {
                world.objectsTo(link.process().id() + " shows an instance that was deregistered, " + gone.address()
                        + ": to " + link.id() + " of " + service.name() + ": " + said);
            }
        });
    }

    private void nobodyIsMissing(Link link, ServiceKey service, Said said) {
        for (Wanted each : established) {
            if (each.service().equals(service)) {
                String version = said.instances().get(each.address());
                if (version == null) {
                    world.objectsTo(link.process().id() + " leaves out an instance that was there all along, "
                            + each.address() + ": to " + link.id() + " of " + service.name() + ": " + said);
                }
            }
        }
    }
}
