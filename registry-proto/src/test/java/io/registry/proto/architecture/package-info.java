/** The rules of this module that a program can check. */
@NullMarked
package io.registry.proto.architecture;

import org.jspecify.annotations.NullMarked;
