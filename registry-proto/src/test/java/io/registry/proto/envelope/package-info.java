/** Tests of the envelope: bytes as real clients sent them, broken bytes, and a real transport. */
@NullMarked
package io.registry.proto.envelope;

import org.jspecify.annotations.NullMarked;
