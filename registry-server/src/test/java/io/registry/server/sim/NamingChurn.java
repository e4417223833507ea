package io.registry.server.sim;

import io.registry.api.model.ServiceKey;
import io.registry.distro.sim.engine.Chance;
import java.util.ArrayList;
import java.util.List;

/** Makes the clients of a plan, and lets them come, go and change as often as its mischief says. */
final class NamingChurn {

    private final NamingWorld world;
    private final Chance chance;
    private boolean stopped;
    private int versions;

    NamingChurn(NamingWorld world) {
        this.world = world;
        this.chance = world.chance().of("churn");
    }

    void start() {
        NamingPlan plan = world.plan();
        List<SdkModel> sdks = new ArrayList<>();
        for (int i = 0; i < plan.sdks(); i++) {
            SdkModel client = world.addSdk();
            if (chance.odds(0.7)) {
                client.publish(service(), version());
            }
            for (int more = chance.between(0, 3); more >= 0; more--) {
                client.subscribe(service());
            }
            sdks.add(client);
        }
        List<BeaterModel> beaters = new ArrayList<>();
        for (int i = 0; i < plan.beating(); i++) {
            beaters.add(world.addBeater(service()));
        }
        sdks.forEach(client -> world.loop().after(chance.upTo(5_000), client::start));
        beaters.forEach(client -> world.loop().after(chance.upTo(5_000), () -> client.start(version())));
        crowd();
        double perSecond = plan.mischief().changesPerSecond();
        if (perSecond > 0) {
            next(Math.min(perSecond, 20));
        }
    }

    /** Many of one service: most of them go at about the same time, and some come back. */
    private void crowd() {
        Chance own = world.chance().of("crowd");
        long goMillis =
                own.between(12_000, Math.max(12_000, world.plan().trouble().toMillis()));
        boolean sayGoodbye = own.odds(0.4);
        for (int i = 0; i < world.plan().crowd(); i++) {
            BeaterModel client = world.addBeater(NamingWorld.service(0));
            world.loop().after(own.upTo(5_000), () -> client.start(version()));
            if (own.odds(0.85)) {
                world.loop().after(goMillis + own.upTo(2_000), sayGoodbye ? client::deregister : client::die);
                if (own.odds(0.2)) {
                    world.loop().after(goMillis + own.between(3_000, 40_000), () -> client.start(version()));
                }
            }
        }
    }

    void stop() {
        stopped = true;
    }

    private void next(double perSecond) {
        world.loop().after(chance.millisToNext(perSecond), () -> {
            if (!stopped) {
                if (chance.odds(0.65)) {
                    changeSdk(chance.pick(world.sdks()));
                } else if (!world.beaters().isEmpty()) {
                    changeBeater(chance.pick(world.beaters()));
                }
                next(perSecond);
            }
        });
    }

    private void changeSdk(SdkModel client) {
        int dice = chance.between(0, 99);
        if (!client.isAlive()) {
            client.start();
        } else if (dice < 3) {
            client.close();
        } else if (dice < 6) {
            client.die();
        } else if (dice < 10) {
            client.reconnect();
        } else if (dice < 20 && !client.published().isEmpty()) {
            client.withdraw(client.published().firstKey());
        } else if (dice < 50) {
            client.publish(service(), version());
        } else if (dice < 65) {
            client.subscribe(service());
        } else if (dice < 75 && client.subscribed().size() > 1) {
            client.unsubscribe(client.subscribed().first());
        } else if (dice < 80) {
            client.block(chance.between(20, 8_000));
        } else if (!client.subscribed().isEmpty()) {
            client.query(chance.pick(List.copyOf(client.subscribed())));
        }
    }

    private void changeBeater(BeaterModel client) {
        int dice = chance.between(0, 99);
        if (!client.isAlive()) {
            client.start(version());
        } else if (dice < 10) {
            client.die();
        } else if (dice < 30) {
            client.deregister();
        } else {
            client.change(version());
        }
    }

    private ServiceKey service() {
        return NamingWorld.service(chance.between(0, world.plan().services() - 1));
    }

    private String version() {
        return "v" + versions++;
    }
}
