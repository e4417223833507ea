/** The token that goes with each request, and how it is renewed. */
@NullMarked
package io.registry.client.access;

import org.jspecify.annotations.NullMarked;
