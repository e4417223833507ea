package io.registry.distro.sim;

import io.registry.distro.model.NodeId;
import io.registry.distro.sim.engine.Chance;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Lets things go wrong, as often as the world's mischief says, until it is told to stop. */
public final class Faults {

    private static final int MEMBERS_MAX = 6;
    private static final int MEMBERS_MIN = 2;

    /** Once in so many seconds, the weather of one link changes. */
    private static final double WEATHER_CHANGES_PER_MINUTE = 12;

    private final Troubled world;
    private final Mischief mischief;
    private final Chance chance;
    private boolean stopped;
    private boolean divided;

    /** Makes faults that have not begun. */
    public Faults(Troubled world) {
        this.world = world;
        this.mischief = world.mischief();
        this.chance = world.chance().of("faults");
    }

    /** Begins. */
    public void start() {
        for (NodeId from : world.members()) {
            for (NodeId to : world.members()) {
                world.network().weather(from, to, mischief.weather(chance));
            }
        }
        repeat("crash", mischief.crashes(), this::crash);
        repeat("leave", mischief.leaves(), this::leave);
        repeat("partition", mischief.partitions(), this::partition);
        repeat("cut", mischief.oneWayCuts(), this::cutOneWay);
        repeat("clog", mischief.clogs(), this::clog);
        repeat("pause", mischief.pauses(), this::pause);
        repeat("jump", mischief.jumps(), this::jump);
        repeat("client", mischief.clientCuts(), this::cutClient);
        repeat("reset", mischief.resets(), this::reset);
        repeat("members", mischief.memberChanges(), this::changeMembers);
        repeat("weather", WEATHER_CHANGES_PER_MINUTE, this::changeWeather);
    }

    /** Ends it. What is wrong now stays wrong until it is healed, or until its time is over. */
    public void stop() {
        stopped = true;
    }

    private void repeat(String kind, double perMinute, Consumer<Chance> fault) {
        if (perMinute > 0) {
            next(chance.of(kind), perMinute / 60, fault);
        }
    }

    private void next(Chance own, double perSecond, Consumer<Chance> fault) {
        world.loop().after(own.millisToNext(perSecond), () -> {
            if (!stopped) {
                fault.accept(own);
                next(own, perSecond, fault);
            }
        });
    }

    private void crash(Chance own) {
        List<Troubled.Machine> up = up();
        if (up.size() < 2) {
            return;
        }
        Troubled.Machine node = own.pick(up);
        boolean warm = own.odds(mischief.warmRestarts());
        node.crash();
        if (own.odds(0.3)) {
            node.wall().jump(-own.upTo(mischief.skewMillis() * 100L));
        }
        world.loop().after(own.between(500, 20_000), () -> node.restart(warm));
    }

    private void leave(Chance own) {
        List<Troubled.Machine> up = up();
        if (up.size() < 2) {
            return;
        }
        Troubled.Machine node = own.pick(up);
        boolean warm = own.odds(mischief.warmRestarts());
        long awayMillis = own.between(500, 10_000);
        node.leave(() -> world.loop().after(awayMillis, () -> node.restart(warm)));
    }

    private void partition(Chance own) {
        if (divided) {
            return;
        }
        divided = true;
        int sides = own.odds(0.8) ? 2 : 3;
        Map<NodeId, Integer> sideOfNode = new LinkedHashMap<>();
        for (NodeId id : world.members()) {
            sideOfNode.put(id, (int) own.upTo(sides - 1));
        }
        world.network().partition(sideOfNode);
        world.clientNames().forEach(client -> {
            if (own.odds(0.7)) {
                world.reach().place(client, own.pick(world.network().sides()));
            }
        });
        world.loop().after(own.between(2_000, 50_000), () -> {
            world.network().partition(Map.of());
            world.reach().forgetSides();
            divided = false;
        });
    }

    private void cutOneWay(Chance own) {
        NodeId from = pickMember(own);
        NodeId to = pickMember(own);
        world.network().cut(from, to);
        world.loop().after(own.between(2_000, 50_000), () -> world.network().mend(from, to));
    }

    private void clog(Chance own) {
        world.network().clog(pickMember(own), pickMember(own), own.between(500, 8_000));
    }

    private void pause(Chance own) {
        long millis = own.between(200, 9_000);
        List<Troubled.Machine> up = up();
        if (!up.isEmpty()) {
            own.pick(up).pause(millis);
        }
    }

    private void jump(Chance own) {
        long millis = mischief.skewMillis() * own.between(1L, 20L);
        own.pick(machines()).wall().jump(own.between(-millis, millis));
    }

    private void cutClient(Chance own) {
        String client = own.pick(world.clientNames());
        world.reach().cut(client);
        world.loop().after(own.between(2_000, 40_000), () -> world.reach().mend(client));
    }

    private void reset(Chance own) {
        List<Troubled.Machine> up = up();
        int count = own.between(1, 4);
        if (!up.isEmpty()) {
            own.pick(up).reset(count);
        }
    }

    private void changeMembers(Chance own) {
        int members = world.members().size();
        boolean more = own.odds(0.5);
        if (more && members < MEMBERS_MAX) {
            world.addMember();
        } else if (!more && members > MEMBERS_MIN) {
            world.removeMember(own.pick(List.copyOf(world.members())));
        }
    }

    private void changeWeather(Chance own) {
        world.network().weather(pickMember(own), pickMember(own), mischief.weather(own));
    }

    private List<Troubled.Machine> up() {
        return machines().stream().filter(Troubled.Machine::isUp).toList();
    }

    private List<Troubled.Machine> machines() {
        return List.copyOf(world.memberNodes());
    }

    private NodeId pickMember(Chance own) {
        return own.pick(List.copyOf(world.members()));
    }
}
