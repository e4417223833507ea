/** Planted offences of a class of the core, so that each rule of the architecture can be seen to fail. */
@NullMarked
package io.registry.server.core.offence;

import org.jspecify.annotations.NullMarked;
