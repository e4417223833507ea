/**
 * Who is here: connections and beating instances, and what each of them publishes.
 */
@NullMarked
package io.registry.server.core.client;

import org.jspecify.annotations.NullMarked;
