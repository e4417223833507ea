/**
 * A cluster and its clients in one thread, from one seed: nodes that run the real protocol, clients as they really
 * behave, faults as they really happen, and checks that object.
 */
@NullMarked
package io.registry.distro.sim;

import org.jspecify.annotations.NullMarked;
