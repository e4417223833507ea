/** Tests of the JSON writer and of what it writes, read back by another JSON library. */
@NullMarked
package io.registry.proto.json;

import org.jspecify.annotations.NullMarked;
