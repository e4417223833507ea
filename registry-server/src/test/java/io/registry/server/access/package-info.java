/** Tests of who is known by what, with clocks that go as they are told. */
@NullMarked
package io.registry.server.access;

import org.jspecify.annotations.NullMarked;
