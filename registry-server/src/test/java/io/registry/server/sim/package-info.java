/**
 * The real core of several servers in a simulated world: virtual time, a network that loses and delays, machines that die
 * and come back, and models of clients that publish, beat and subscribe. Everything follows from one seed.
 */
@NullMarked
package io.registry.server.sim;

import org.jspecify.annotations.NullMarked;
