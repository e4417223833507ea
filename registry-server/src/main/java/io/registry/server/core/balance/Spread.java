package io.registry.server.core.balance;

import java.util.List;

/**
 * How clients are spread over the members, and whether that is even enough.
 *
 * @param clients how many each member has; at least one member
 */
record Spread(List<Integer> clients) {

    /** How far from the mean is even enough. */
    private static final double TOLERANCE = 0.1;

    /** Below this difference between two members nothing is gained by moving clients, however few there are. */
    private static final int DIFFERENCE_MIN = 3;

    Spread {
        clients = List.copyOf(clients);
    }

    int total() {
        return clients.stream().mapToInt(Integer::intValue).sum();
    }

    double mean() {
        return total() / (double) clients.size();
    }

    private int max() {
        return clients.stream().mapToInt(Integer::intValue).max().orElse(0);
    }

    private int min() {
        return clients.stream().mapToInt(Integer::intValue).min().orElse(0);
    }

    /** Returns whether every member is within a tenth of the mean, or as near as makes no difference. */
    boolean isEven() {
        boolean within = max() <= mean() * (1 + TOLERANCE) && min() >= mean() * (1 - TOLERANCE);
        return within || max() - min() < DIFFERENCE_MIN;
    }

    /** Returns how many clients a member keeps when all are spread evenly: the mean, rounded up. */
    int share() {
        return (int) Math.ceil(mean());
    }

    /** Returns how many members have more than their share; at least 1, to divide by. */
    int overloaded() {
        int share = share();
        return (int) Math.max(1, clients.stream().filter(count -> count > share).count());
    }
}
