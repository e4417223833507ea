/** Tests of bodies: as recorded from real clients and servers, lenient where those are, and broken. */
@NullMarked
package io.registry.proto.codec;

import org.jspecify.annotations.NullMarked;
