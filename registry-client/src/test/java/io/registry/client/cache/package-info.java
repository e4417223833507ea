/** What is kept in memory and on disk. */
@NullMarked
package io.registry.client.cache;

import org.jspecify.annotations.NullMarked;
