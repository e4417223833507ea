/** The JSON of the wire protocols, written by hand. */
@NullMarked
package io.registry.proto.json;

import org.jspecify.annotations.NullMarked;
