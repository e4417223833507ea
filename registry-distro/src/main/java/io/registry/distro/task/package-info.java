/**
 * Things to do later, on the caller's loop: keyed tasks that merge while they wait, and one armed timer for the
 * earliest of many deadlines.
 */
@NullMarked
package io.registry.distro.task;

import org.jspecify.annotations.NullMarked;
