/**
 * What nodes tell each other. Values only; every message is safe at any time, in any order, any number of times, and
 * when it is lost.
 */
@NullMarked
package io.registry.distro.message;

import org.jspecify.annotations.NullMarked;
