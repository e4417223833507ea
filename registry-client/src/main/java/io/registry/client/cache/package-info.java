/** What is known of services: in memory, on disk, and as an operator overrides it. */
@NullMarked
package io.registry.client.cache;

import org.jspecify.annotations.NullMarked;
