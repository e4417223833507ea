package io.registry.api.select;

import io.registry.api.model.Instance;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A choice among instances by weight, prepared once for a list and then made in constant time, by the alias method
 * (M. D. Vose, "A linear algorithm for generating random numbers with a given distribution", 1991).
 *
 * <p>Only healthy, enabled instances of a weight above 0 take part.
 *
 * <p><b>Threading</b>: immutable.
 */
public final class WeightedChoice {

    private final Instance[] instances;

    /** Below this, the instance of a column is chosen, else that of its alias; empty where all weights are equal. */
    private final double[] thresholds;

    private final int[] aliases;

    private WeightedChoice(Instance[] instances, double[] thresholds, int[] aliases) {
        this.instances = instances;
        this.thresholds = thresholds;
        this.aliases = aliases;
    }

    /** Prepares the choice among instances. */
    public static WeightedChoice among(List<Instance> all) {
        List<Instance> usable = new ArrayList<>(all.size());
        double sum = 0;
        boolean equal = true;
        for (Instance instance : all) {
            if (instance.healthy() && instance.enabled() && instance.weight() > 0) {
                usable.add(instance);
                sum += instance.weight();
                equal &= instance.weight() == usable.get(0).weight();
            }
        }
        Instance[] instances = usable.toArray(new Instance[0]);
        if (equal) {
            return new WeightedChoice(instances, new double[0], new int[0]);
        }
        int count = instances.length;
        double[] thresholds = new double[count];
        int[] aliases = new int[count];
        int[] columns = new int[count];
        int small = 0;
        int large = count;
        for (int i = 0; i < count; i++) {
            thresholds[i] = instances[i].weight() / sum * count;
            aliases[i] = i;
            if (thresholds[i] < 1) {
                columns[small++] = i;
            } else {
                columns[--large] = i;
            }
        }
        // The small columns are a stack from the left, the large ones a stack from the right.
        while (small > 0 && large < count) {
            int less = columns[--small];
            int more = columns[large];
            aliases[less] = more;
            thresholds[more] -= 1 - thresholds[less];
            if (thresholds[more] < 1) {
                large++;
                columns[small++] = more;
            }
        }
        // What is left over differs from 1 by rounding only.
        while (small > 0) {
            thresholds[columns[--small]] = 1;
        }
        return new WeightedChoice(instances, thresholds, aliases);
    }

    /** Returns how many instances take part. */
    public int size() {
        return instances.length;
    }

    /**
     * Returns an instance, or null where none takes part.
     *
     * @param random a number of an even distribution over 0 (inclusive) to 1 (exclusive)
     */
    public @Nullable Instance choose(double random) {
        int count = instances.length;
        if (count == 0) {
            return null;
        }
        double scaled = random * count;
        int column = Math.min(count - 1, (int) scaled);
        return thresholds.length == 0 || scaled - column < thresholds[column]
                ? instances[column]
                : instances[aliases[column]];
    }
}
