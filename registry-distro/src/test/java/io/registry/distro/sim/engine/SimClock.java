package io.registry.distro.sim.engine;

import io.registry.distro.port.DistroClock;

/** The clocks of one process: the wall clock is as wrong as its machine's, the other begins anew with the process. */
public final class SimClock implements DistroClock {

    /** The wall clock of a machine. Outlives the processes on it. */
    public static final class Wall {

        /** 2027-01-15T08:00Z, when the world begins. */
        private static final long BEGIN_MILLIS = 1_800_000_000_000L;

        private final SimLoop loop;
        private long wrongByMillis;

        /** Makes a clock that is wrong by so much: ahead, or behind where negative. */
        public Wall(SimLoop loop, long wrongByMillis) {
            this.loop = loop;
            this.wrongByMillis = wrongByMillis;
        }

        /** Sets the clock forward, or back where negative. */
        public void jump(long millis) {
            wrongByMillis += millis;
        }

        /** Returns what the clock shows, in milliseconds since 1970. */
        public long millis() {
            return BEGIN_MILLIS + loop.nowMillis() + wrongByMillis;
        }
    }

    private final SimLoop loop;
    private final Wall wall;
    private final long bornMillis;

    /** Makes the clocks of a process that starts now. */
    public SimClock(SimLoop loop, Wall wall) {
        this.loop = loop;
        this.wall = wall;
        this.bornMillis = loop.nowMillis();
    }

    @Override
    public long wallMillis() {
        return wall.millis();
    }

    @Override
    public long monotonicMillis() {
        return loop.nowMillis() - bornMillis;
    }
}
