/**
 * The Java SDK: how a {@link io.registry.api.NamingService} is made, its options, and what stands behind it. Puts the
 * parts below together; applications name this package and {@code io.registry.api} only.
 */
@NullMarked
package io.registry.client;

import org.jspecify.annotations.NullMarked;
