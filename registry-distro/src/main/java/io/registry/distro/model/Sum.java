package io.registry.distro.model;

/**
 * Sums that are the same on every node and in every process. Not meant to withstand an adversary: nodes that compare
 * them have proved who they are.
 */
public final class Sum {

    /** The odd number nearest to 2^64 divided by the golden ratio. */
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private Sum() {}

    /** Returns the sum of a text, over its UTF-16 units. */
    public static long of(String text) {
        long sum = text.length();
        for (int i = 0; i < text.length(); i++) {
            sum = (sum ^ text.charAt(i)) * GOLDEN;
            sum ^= sum >>> 29;
        }
        return mixed(sum);
    }

    /** Returns a sum of two, in this order. */
    public static long of(long first, long second) {
        return mixed(first * GOLDEN + second);
    }

    /** Every bit of the argument reaches every bit of the result (the finisher of SplitMix64, Steele et al. 2014). */
    private static long mixed(long value) {
        long sum = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
        sum = (sum ^ (sum >>> 27)) * 0x94D049BB133111EBL;
        return sum ^ (sum >>> 31);
    }
}
