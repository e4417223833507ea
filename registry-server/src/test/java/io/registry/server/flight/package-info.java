/** Tests of the flight recorder, on real files. */
@NullMarked
package io.registry.server.flight;

import org.jspecify.annotations.NullMarked;
