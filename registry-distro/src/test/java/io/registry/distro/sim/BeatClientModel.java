package io.registry.distro.sim;

import io.registry.distro.model.ClientId;
import io.registry.distro.model.NodeId;
import io.registry.distro.sim.engine.Chance;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An instance kept alive over HTTP: it registers, beats every five seconds wherever it gets through, and registers
 * again when it is asked to. Beats go their own way, also while it registers or deregisters; registering and
 * deregistering are done one after the other, until an answer comes.
 */
public final class BeatClientModel {

    private static final long BEAT_MILLIS = 5_000;
    private static final long RETRY_MILLIS = 1_000;
    private static final long CALL_MILLIS_MAX = 3_000;
    private static final long HOP_MILLIS_MAX = 20;
    private static final int DEREGISTRATIONS = 3;

    private final SimWorld world;
    private final ClientId id;
    private final String address;
    private final Chance chance;
    private @Nullable NodeId home;
    private String content = "";
    private boolean alive;
    private boolean light;
    private boolean calling;
    private boolean saidAll = true;
    private int deregistrationsLeft;
    private int life;
    private int calls;
    private boolean contentLost;
    private long goneSinceMillis;
    private boolean deregistered;

    BeatClientModel(SimWorld world, String service, String address) {
        this.world = world;
        this.id = new ClientId(service + "@" + address);
        this.address = address;
        this.chance = world.chance().of("instance " + id);
    }

    /** Returns its id. */
    public ClientId id() {
        return id;
    }

    /** Returns its name: its id. */
    public String name() {
        return id.value();
    }

    /** Returns whether it runs and wants to be there. */
    public boolean isAlive() {
        return alive;
    }

    /** Returns whether it has been there, has been told so, and has nothing new to say. */
    boolean isSettled() {
        return alive && saidAll && !calling;
    }

    /** Returns what it wants to be published. */
    public String content() {
        return content;
    }

    /** Notes that what it registered last was lost, with the node that had taken it in, before any other had it. */
    void contentIsLost() {
        contentLost = true;
    }

    /** Returns whether what it registered last was lost: nobody but itself knows it, and nobody asks. */
    boolean isContentLost() {
        return contentLost;
    }

    /** Since when it is gone. */
    long goneSinceMillis() {
        return goneSinceMillis;
    }

    /** Returns whether it is gone by its own word, and a node has said that it heard it. */
    boolean isDeregistered() {
        return deregistered;
    }

    /** Has it reach one node only. */
    public void staysWith(NodeId node) {
        home = node;
    }

    /** Starts it: it registers, and beats. */
    public void start(String newContent) {
        if (!alive) {
            alive = true;
            light = false;
            deregistered = false;
            deregistrationsLeft = 0;
            int mine = ++life;
            beatLater(mine, chance.upTo(BEAT_MILLIS));
            change(newContent);
        }
    }

    /** Registers with other content. */
    public void change(String newContent) {
        if (alive) {
            content = newContent;
            saidAll = false;
            call();
        }
    }

    /** Ends it without a word. */
    public void die() {
        if (alive) {
            alive = false;
            goneSinceMillis = world.loop().nowMillis();
        }
    }

    /** Deregisters; a beat may be under way. */
    public void deregister() {
        if (alive) {
            die();
            deregistrationsLeft = DEREGISTRATIONS;
            call();
        }
    }

    /** Lets one more beat be under way, whether it runs or not. */
    void beatOnceMore() {
        send(beats -> beats.beat(id, content), answer -> {});
    }

    private void beatLater(int mine, long millis) {
        world.loop().after(millis, () -> {
            if (alive && mine == life) {
                String full = light ? null : content;
                send(beats -> beats.beat(id, full), answer -> beaten(mine, answer));
                beatLater(mine, BEAT_MILLIS);
            }
        });
    }

    private void beaten(int mine, BeatAnswer answer) {
        if (!alive || mine != life) {
            return;
        }
        if (answer == BeatAnswer.DONE) {
            light = true;
        } else if (answer == BeatAnswer.REGISTER) {
            saidAll = false;
            call();
        }
    }

    /** Says what is to be said, if nothing is being said. */
    private void call() {
        if (calling) {
            return;
        }
        if (alive) {
            if (!saidAll) {
                String said = content;
                int of = life;
                call(beats -> beats.register(id, said), answer -> registered(of, said, answer));
            }
        } else if (deregistrationsLeft > 0) {
            deregistrationsLeft--;
            int of = life;
            call(beats -> beats.deregister(id), answer -> deregistered(of, answer));
        }
    }

    private void registered(int of, String said, BeatAnswer answer) {
        if (alive && of == life && answer == BeatAnswer.DONE && said.equals(content)) {
            saidAll = true;
            contentLost = false;
        }
        again(answer);
    }

    private void deregistered(int of, BeatAnswer answer) {
        if (answer == BeatAnswer.DONE && !alive && of == life) {
            deregistrationsLeft = 0;
            deregistered = true;
            goneSinceMillis = world.loop().nowMillis();
        }
        again(answer);
    }

    private void again(BeatAnswer answer) {
        if (answer == BeatAnswer.DONE) {
            call();
        } else {
            world.loop().after(RETRY_MILLIS, this::call);
        }
    }

    /** One call at a time: the next only when no node will do this one any more. */
    private void call(Function<BeatSide, BeatAnswer> command, Consumer<BeatAnswer> then) {
        calling = true;
        int mine = ++calls;
        Consumer<BeatAnswer> first = answer -> {
            if (calling && mine == calls) {
                calling = false;
                then.accept(answer);
            }
        };
        send(command, first);
        world.loop().after(CALL_MILLIS_MAX, () -> first.accept(BeatAnswer.ERROR));
    }

    private void send(Function<BeatSide, BeatAnswer> command, Consumer<BeatAnswer> answer) {
        NodeLife entry = world.reachable(name(), home, chance);
        if (entry == null) {
            return;
        }
        long sentMillis = world.loop().nowMillis();
        world.loop()
                .after(
                        hop(),
                        () -> entry.turn(() -> {
                            // A process that stood still for long finds the caller gone.
                            if (world.loop().nowMillis() - sentMillis > HOP_MILLIS_MAX) {
                                return;
                            }
                            world.router().route(entry, address, command, said -> {
                                if (world.reach().reaches(name(), entry.id())) {
                                    world.loop().after(hop(), () -> answer.accept(said));
                                }
                            });
                        }));
    }

    private long hop() {
        return chance.between(1, HOP_MILLIS_MAX);
    }
}
