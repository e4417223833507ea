package io.registry.distro.sim.engine;

/**
 * How well a link works.
 *
 * @param loss how many of the messages are lost, 0..1
 * @param duplication how many arrive twice, 0..1
 * @param delayMillisMax how long a message may take. Most take far less, so that some overtake others
 */
public record Weather(double loss, double duplication, int delayMillisMax) {

    /** Nothing is lost or doubled, and nothing takes longer than in one data centre. */
    public static final Weather FINE = new Weather(0, 0, 5);
}
