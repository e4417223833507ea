/** Addresses and lists of servers. */
@NullMarked
package io.registry.client.server;

import org.jspecify.annotations.NullMarked;
