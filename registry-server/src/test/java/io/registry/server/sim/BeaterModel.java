package io.registry.server.sim;

import io.registry.api.model.ServiceKey;
import io.registry.distro.model.Sum;
import io.registry.distro.sim.engine.Chance;
import io.registry.server.core.CoreFixture;
import io.registry.server.core.operate.BeatAnswer;
import io.registry.server.core.operate.InstanceOperator;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An instance kept alive over HTTP: it registers, beats every five seconds, and registers again when it is asked to. A call
 * that fails is made to the next node, as HTTP clients do. Beats go their own way, also while it registers or deregisters;
 * registering and deregistering are done one after the other, until an answer comes.
 */
final class BeaterModel {

    private static final long BEAT_MILLIS = 5_000;
    private static final long RETRY_MILLIS = 1_000;
    private static final long CALL_MILLIS_MAX = 3_000;

    /** How much later than its failure a call is done at the latest. */
    private static final long LATE_MILLIS_MAX = 15_000;

    private static final long HOP_MILLIS_MAX = 20;
    private static final int DEREGISTRATIONS = 3;
    private static final int PORT = 8_080;

    /** What a call has come to. */
    private enum Outcome {
        DONE,
        REGISTER,
        ERROR
    }

    private final NamingWorld world;
    private final ServiceKey service;
    private final String ip;
    private final Chance chance;
    private String version = "";
    private boolean alive;
    private boolean light;
    private boolean calling;
    private boolean saidAll = true;
    private int deregistrationsLeft;
    private int life;
    private int calls;
    private int turn;
    private boolean contentLost;
    private boolean overtakable;
    private long failedMillis = Long.MIN_VALUE / 2;

    /** Makes an instance that does not run yet. */
    BeaterModel(NamingWorld world, ServiceKey service, int number) {
        this.world = world;
        this.service = service;
        this.ip = "10.1.0." + number;
        this.chance = world.chance().of("instance " + ip + " " + service.name());
        this.turn = chance.between(0, 9);
    }

    String name() {
        return service.name() + "@" + ip;
    }

    ServiceKey service() {
        return service;
    }

    String address() {
        return ip + ":" + PORT;
    }

    /** Returns what it wants to be published. */
    String version() {
        return version;
    }

    boolean isAlive() {
        return alive;
    }

    /** Returns whether it has been told that it is registered, and has nothing new to say. */
    boolean isSettled() {
        return alive && saidAll && !calling;
    }

    /** Notes that what it registered last was lost, with the node that had taken it in, before any other had it. */
    void contentIsLost() {
        contentLost = true;
    }

    boolean isContentLost() {
        return contentLost;
    }

    void start(String newVersion) {
        if (!alive) {
            alive = true;
            light = false;
            deregistrationsLeft = 0;
            int mine = ++life;
            world.checks().comes(service, address());
            beatLater(mine, chance.upTo(BEAT_MILLIS));
            change(newVersion);
        }
    }

    void change(String newVersion) {
        if (alive) {
            version = newVersion;
            saidAll = false;
            call();
        }
    }

    /** Ends it without a word. */
    void die() {
        if (alive) {
            alive = false;
            world.checks().unwanted(service, address());
        }
    }

    /** Deregisters; a beat may be under way. */
    void deregister() {
        if (alive) {
            die();
            deregistrationsLeft = DEREGISTRATIONS;
            call();
        }
    }

    private void beatLater(int mine, long millis) {
        world.loop().after(millis, () -> {
            if (alive && mine == life) {
                String full = light ? null : version;
                send(
                        node -> node.beat(
                                CoreFixture.CALLER,
                                service,
                                ip,
                                PORT,
                                full == null ? null : Said.instance(ip, PORT, full)),
                        outcome -> beaten(mine, outcome),
                        () -> alive && mine == life,
                        world.members().size());
                beatLater(mine, BEAT_MILLIS);
            }
        });
    }

    private void beaten(int mine, Outcome outcome) {
        if (!alive || mine != life) {
            return;
        }
        if (outcome == Outcome.DONE) {
            light = true;
        } else if (outcome == Outcome.REGISTER) {
            saidAll = false;
            call();
        }
    }

    /** Says what is to be said, if nothing is being said. */
    private void call() {
        if (calling) {
            return;
        }
        int of = life;
        if (alive) {
            if (!saidAll) {
                String said = version;
                call(
                        node -> node.register(CoreFixture.CALLER, service, Said.instance(ip, PORT, said)),
                        outcome -> registered(of, said, outcome));
            }
        } else if (deregistrationsLeft > 0) {
            deregistrationsLeft--;
            call(
                    node -> node.deregister(CoreFixture.CALLER, service, ip, PORT, true),
                    outcome -> deregistered(of, outcome));
        }
    }

    private void registered(int of, String said, Outcome outcome) {
        if (alive && of == life && outcome == Outcome.DONE && said.equals(version)) {
            saidAll = true;
            contentLost = false;
            overtakable = world.loop().nowMillis() - failedMillis < LATE_MILLIS_MAX;
            world.checks().wanted(service, address());
        }
        again(outcome);
    }

    /**
     * Whether an earlier registration may come after the last one: a node that was asked, and did not answer, can still do it
     * when the client has gone elsewhere long since.
     */
    boolean mayBeOvertaken() {
        return overtakable;
    }

    private void deregistered(int of, Outcome outcome) {
        if (outcome == Outcome.DONE && !alive && of == life) {
            deregistrationsLeft = 0;
            world.checks().deregistered(service, address());
        }
        again(outcome);
    }

    private void again(Outcome outcome) {
        if (outcome == Outcome.DONE) {
            call();
        } else {
            world.loop().after(RETRY_MILLIS, this::call);
        }
    }

    private void call(
            Function<InstanceOperator, CompletionStage<? extends @Nullable Object>> command, Consumer<Outcome> then) {
        calling = true;
        int mine = ++calls;
        Consumer<Outcome> first = outcome -> {
            if (calling && mine == calls) {
                calling = false;
                noteFailure(outcome);
                then.accept(outcome);
            }
        };
        send(command, first, () -> calling && mine == calls, world.members().size());
        world.loop().after(CALL_MILLIS_MAX, () -> first.accept(Outcome.ERROR));
    }

    /** Whether a node has refused it or has not answered, it may do it yet. */
    private void noteFailure(Outcome outcome) {
        if (outcome == Outcome.ERROR) {
            failedMillis = world.loop().nowMillis();
        }
    }

    /** Asks one node, and the next where that one fails, for as long as the answer is wanted. */
    private void send(
            Function<InstanceOperator, CompletionStage<? extends @Nullable Object>> command,
            Consumer<Outcome> then,
            BooleanSupplier wanted,
            int attempts) {
        NodeProcess entry = world.reachable(name(), turn++);
        if (entry == null) {
            return;
        }
        Consumer<Outcome> answer = outcome -> {
            if (outcome == Outcome.ERROR && attempts > 1 && wanted.getAsBoolean()) {
                send(command, then, wanted, attempts - 1);
            } else {
                then.accept(outcome);
            }
        };
        world.loop().after(hop(), () -> {
            if (world.reach().reaches(name(), entry.id())) {
                entry.turn(() -> ask(entry, command, answer));
            }
        });
    }

    private void ask(
            NodeProcess entry,
            Function<InstanceOperator, CompletionStage<? extends @Nullable Object>> command,
            Consumer<Outcome> answer) {
        if (!entry.isReady()) {
            answerLater(entry, answer, Outcome.ERROR);
            return;
        }
        command.apply(entry.instances()).whenComplete((result, problem) -> {
            Outcome outcome = outcome(result, problem);
            noteFailure(outcome);
            String said = name() + " " + outcome + (problem == null ? "" : " " + problem.getMessage());
            world.trace().note(entry.id(), "call", said, Sum.of(said));
            answerLater(entry, answer, outcome);
        });
    }

    private void answerLater(NodeProcess entry, Consumer<Outcome> answer, Outcome outcome) {
        world.loop().after(hop(), () -> {
            if (world.reach().reaches(name(), entry.id())) {
                answer.accept(outcome);
            }
        });
    }

    private static Outcome outcome(@Nullable Object result, @Nullable Throwable problem) {
        if (problem != null) {
            return Outcome.ERROR;
        }
        boolean asked = result instanceof BeatAnswer beat && beat.code() == BeatAnswer.REGISTER;
        return asked ? Outcome.REGISTER : Outcome.DONE;
    }

    private long hop() {
        return chance.between(1L, HOP_MILLIS_MAX);
    }
}
