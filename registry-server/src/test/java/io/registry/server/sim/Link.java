package io.registry.server.sim;

import io.registry.api.model.ServiceKey;
import io.registry.distro.model.ClientId;
import io.registry.distro.model.Sum;
import io.registry.distro.sim.engine.Chance;
import io.registry.server.core.client.ConnectionDetails;
import io.registry.server.core.push.Push;
import io.registry.server.core.push.Pusher;
import io.registry.server.core.service.ServiceAnswer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One connection of a client, with its two ends, which do not always know the same. Nothing is lost on it while it lasts.
 * Pushes arrive in their order. An answer is written by another thread, so a push that was sent later may overtake it.
 */
final class Link implements Pusher {

    private static final long TICK_MILLIS = 3_000;
    private static final int MISSES_OF_CLIENT = 2;
    private static final long HOP_MILLIS_MAX = 20;

    /** How long after it was made an answer is written at the latest: less than pushes are held back for. */
    private static final long FLUSH_MILLIS_MAX = 25;

    private static final double UNACKNOWLEDGED = 0.01;
    private static final double REFUSED = 0.01;

    private final NamingWorld world;
    private final SdkModel client;
    private final NodeProcess process;
    private final ClientId id;
    private final Chance chance;
    private final int missesOfServer;
    private final Map<ServiceKey, Said> latest = new LinkedHashMap<>();
    private long pushesArriveMillis;
    private boolean drained;
    private boolean blocked;
    private int clientMisses;
    private int serverMisses;

    Link(NamingWorld world, SdkModel client, NodeProcess process, ClientId id) {
        this.world = world;
        this.client = client;
        this.process = process;
        this.id = id;
        this.chance = world.chance().of("link " + id);
        this.missesOfServer = chance.between(1, 6);
        tickLater();
    }

    ClientId id() {
        return id;
    }

    NodeProcess process() {
        return process;
    }

    /** Returns a number of this link, the same in every process. */
    long number() {
        return Sum.of(id.value());
    }

    ConnectionDetails details() {
        return new ConnectionDetails("10.0.0.1", 1, "10.0.0.1", "model", client.name(), Map.of(), 0);
    }

    boolean isReachable() {
        return world.reach().reaches(client.name(), process.id());
    }

    boolean isDrained() {
        return drained;
    }

    /**
     * Asks the node something.
     *
     * @param answer is given what it answers, or the problem; at most once, or never
     */
    <T> void call(
            Function<NodeProcess, CompletionStage<T>> question, BiConsumer<@Nullable T, @Nullable Throwable> answer) {
        world.loop().after(hop(), () -> {
            if (isReachable()) {
                process.turn(() -> ask(question, answer));
            }
        });
    }

    private <T> void ask(
            Function<NodeProcess, CompletionStage<T>> question, BiConsumer<@Nullable T, @Nullable Throwable> answer) {
        if (!process.isOpen() || !process.holds(this)) {
            answerLater(() -> answer.accept(null, new IllegalStateException("unregistered")));
            return;
        }
        CompletionStage<T> stage;
        try {
            stage = question.apply(process);
        } catch (RuntimeException e) {
            answerLater(() -> answer.accept(null, e));
            return;
        }
        stage.whenComplete((result, problem) -> {
            if (result instanceof ServiceAnswer said) {
                world.checks().said(this, said.service(), Said.of(said));
            }
            answerLater(() -> answer.accept(result, problem));
        });
    }

    private void answerLater(Runnable arrival) {
        long millis = chance.upTo(FLUSH_MILLIS_MAX) + hop();
        if (!world.plan().apart()) {
            millis = Math.max(millis, pushesArriveMillis - world.loop().nowMillis());
        }
        world.loop().after(millis, () -> {
            if (isReachable()) {
                arrival.run();
            }
        });
    }

    @Override
    public boolean isReady() {
        return !blocked;
    }

    @Override
    public boolean acknowledges() {
        return true;
    }

    @Override
    public boolean takesChanges() {
        return false;
    }

    @Override
    public void whenWritten(Runnable task) {
        process.after(chance.upTo(2), task);
    }

    @Override
    public void send(Push push) {
        if (!(push instanceof Push.Service service)) {
            world.objectsTo("an unexpected push: " + push);
            return;
        }
        Said said = Said.of(service.answer());
        ServiceKey about = service.answer().service();
        world.checks().said(this, about, said);
        pushesArriveMillis = Math.max(pushesArriveMillis, world.loop().nowMillis() + hop());
        world.loop().after(pushesArriveMillis - world.loop().nowMillis(), () -> {
            if (isReachable() && client.uses(this)) {
                pushed(push.id(), about, said);
            }
        });
    }

    private void pushed(long push, ServiceKey service, Said said) {
        if (chance.odds(UNACKNOWLEDGED)) {
            return;
        }
        boolean taken = !chance.odds(REFUSED);
        if (taken) {
            client.told(this, service, said);
        }
        world.loop().after(hop(), () -> {
            if (isReachable()) {
                process.turn(() -> {
                    if (process.holds(this)) {
                        process.connections().acknowledged(id, push, taken);
                    }
                });
            }
        });
    }

    /** Returns what the client was told over this link before, about a service, and takes what it is told now. */
    @Nullable
    Said arrived(ServiceKey service, Said said) {
        return latest.put(service, said);
    }

    /** The client reads nothing for a while. */
    void block(long millis) {
        if (!blocked) {
            blocked = true;
            process.after(millis, () -> {
                blocked = false;
                if (process.holds(this)) {
                    process.connections().ready(id);
                }
            });
        }
    }

    /** The client has closed it: the server hears of it soon, or when it notices. */
    void closedByClient() {
        if (isReachable()) {
            world.loop().after(chance.between(0, 30), () -> process.turn(() -> process.ended(this)));
        }
    }

    /** The server asks the client to go elsewhere. The client closes this one at once, and comes back up to 3 s later. */
    void reset() {
        drained = true;
        world.loop().after(chance.between(0, 30), () -> {
            if (isReachable() && client.uses(this)) {
                client.broken(this);
                closedByClient();
            }
        });
    }

    /** The process at the other end has died: the client sees the connection break, if it sees anything. */
    void serverDied() {
        if (isReachable()) {
            world.loop().after(chance.between(0, 500), () -> client.broken(this));
        }
    }

    private void tickLater() {
        world.loop().after(TICK_MILLIS, this::tick);
    }

    /** Each end notices after a while that the other is silent. */
    private void tick() {
        boolean usedByClient = client.uses(this);
        boolean heldByServer = process.holds(this);
        boolean reachable = isReachable();
        if (usedByClient) {
            clientMisses = reachable && heldByServer ? 0 : clientMisses + 1;
            if (clientMisses >= MISSES_OF_CLIENT) {
                client.broken(this);
            }
        }
        if (heldByServer) {
            serverMisses = reachable && usedByClient ? 0 : serverMisses + 1;
            if (serverMisses >= missesOfServer) {
                process.turn(() -> process.ended(this));
            }
        }
        if (usedByClient || heldByServer) {
            tickLater();
        }
    }

    private long hop() {
        return chance.between(1L, HOP_MILLIS_MAX);
    }
}
