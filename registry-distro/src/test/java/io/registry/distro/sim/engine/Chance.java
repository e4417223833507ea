package io.registry.distro.sim.engine;

import io.registry.distro.model.Sum;
import java.util.List;
import java.util.SplittableRandom;

/**
 * All chance of one run. Whoever draws has a stream of its own, so that one that draws less leaves the others as they
 * were: a run with one kind of fault switched off is otherwise the same run for as long as it can be.
 */
public final class Chance {

    private final long seed;
    private final SplittableRandom random;

    /** Makes the stream of a seed. */
    public Chance(long seed) {
        this.seed = seed;
        this.random = new SplittableRandom(seed);
    }

    /** Returns another stream of the same seed; the same one for the same name. */
    public Chance of(String name) {
        return new Chance(Sum.of(seed, Sum.of(name)));
    }

    /** Returns true so often. */
    public boolean odds(double odds) {
        return random.nextDouble() < odds;
    }

    /** Returns a number from 0 to a bound, both included. */
    public long upTo(long bound) {
        return random.nextLong(bound + 1);
    }

    /** Returns a number between two, both included. */
    public long between(long least, long most) {
        return least + upTo(most - least);
    }

    /** Returns a number between two, both included. */
    public int between(int least, int most) {
        return (int) between((long) least, (long) most);
    }

    /** Returns a number from 0 to below 1. */
    public double share() {
        return random.nextDouble();
    }

    /** Returns one of a list that is not empty. */
    public <T> T pick(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    /** Returns how long it is to the next of events that come so often, independent of each other. */
    public long millisToNext(double perSecond) {
        double seconds = -Math.log(1 - random.nextDouble()) / perSecond;
        return Math.round(Math.min(seconds * 1000, Integer.MAX_VALUE));
    }
}
