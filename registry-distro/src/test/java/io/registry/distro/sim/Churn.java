package io.registry.distro.sim;

import io.registry.distro.sim.engine.Chance;
import java.util.ArrayList;
import java.util.List;

/** Makes the clients of a plan, and lets them come, go and change as often as its mischief says. */
final class Churn {

    private static final int SERVICES_MAX = 6;
    private static final int PARTS_PER_CALL_OF_LARGE = 100;

    /** At this rate nearly everything that clients do is to publish something else. */
    private static final double BUSY = 10;

    private final SimWorld world;
    private final Chance chance;
    private final List<ConnectionClientModel> large = new ArrayList<>();
    private final List<ConnectionClientModel> small = new ArrayList<>();
    private final List<BeatClientModel> beating = new ArrayList<>();
    private boolean stopped;
    private int versions;

    Churn(SimWorld world) {
        this.world = world;
        this.chance = world.chance().of("churn");
    }

    void start() {
        Plan plan = world.plan();
        for (int i = 0; i < plan.connections(); i++) {
            ConnectionClientModel client = world.addConnectionClient("c" + i, 1);
            client.put(service(), version());
            small.add(client);
        }
        for (int i = 0; i < plan.large(); i++) {
            ConnectionClientModel client = world.addConnectionClient("l" + i, PARTS_PER_CALL_OF_LARGE);
            for (int part = 0; part < plan.largeParts(); part++) {
                client.put("service-" + part, version());
            }
            large.add(client);
        }
        for (int i = 0; i < plan.beating(); i++) {
            beating.add(world.addBeatClient("s" + i % 3, "10.0.0." + i / 2 + ":8080"));
        }
        small.forEach(client -> world.loop().after(chance.upTo(5_000), client::start));
        large.forEach(client -> world.loop().after(chance.upTo(5_000), client::start));
        beating.forEach(client -> world.loop().after(chance.upTo(5_000), () -> client.start(version())));
        double perSecond = plan.mischief().changesPerSecond();
        if (perSecond > 0) {
            next(perSecond);
        }
    }

    void stop() {
        stopped = true;
    }

    private void next(double perSecond) {
        world.loop().after(chance.millisToNext(perSecond), () -> {
            if (!stopped) {
                change(perSecond > BUSY);
                next(perSecond);
            }
        });
    }

    private void change(boolean busy) {
        int dice = chance.between(0, small.size() + beating.size() + 3 * large.size() - 1);
        if (dice < small.size()) {
            changeSmall(small.get(dice), busy);
        } else if (dice < small.size() + beating.size()) {
            changeBeating(beating.get(dice - small.size()), busy);
        } else {
            changeLarge(chance.pick(large));
        }
    }

    private void changeSmall(ConnectionClientModel client, boolean busy) {
        int dice = chance.between(0, busy ? 999 : 99);
        if (!client.isAlive()) {
            client.start();
        } else if (dice < 4) {
            client.close();
        } else if (dice < 8) {
            client.die();
        } else if (dice < 14) {
            client.reconnect();
        } else if (dice < 30 && client.desired().size() > 1) {
            client.remove(client.desired().values().firstKey());
        } else if (client.desired().size() < SERVICES_MAX) {
            client.put(service(), version());
        } else {
            client.put(client.desired().values().lastKey(), version());
        }
    }

    private void changeBeating(BeatClientModel client, boolean busy) {
        int dice = chance.between(0, busy ? 999 : 99);
        if (!client.isAlive()) {
            client.start(version());
        } else if (dice < 8) {
            client.die();
        } else if (dice < 25) {
            client.deregister();
        } else {
            client.change(version());
        }
    }

    private void changeLarge(ConnectionClientModel client) {
        if (!client.isAlive()) {
            client.start();
        } else if (chance.odds(0.01)) {
            client.die();
        } else if (chance.odds(0.02)) {
            client.reconnect();
        } else {
            int changes = chance.odds(0.1) ? chance.between(2, 50) : 1;
            for (int i = 0; i < changes; i++) {
                String part = "service-" + chance.between(0, world.plan().largeParts() - 1);
                if (chance.odds(0.2) && client.desired().size() > 1) {
                    client.remove(part);
                } else {
                    client.put(part, version());
                }
            }
        }
    }

    private String service() {
        return "service-" + chance.between(0, 2 * SERVICES_MAX);
    }

    private String version() {
        return "v" + versions++;
    }
}
