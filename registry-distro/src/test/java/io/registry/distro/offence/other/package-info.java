/** Planted offences, so that each rule of architecture can be seen to fail. */
@NullMarked
package io.registry.distro.offence.other;

import org.jspecify.annotations.NullMarked;
