/** Where servers are: their addresses, in which order they are tried, and how a list of them is kept up to date. */
@NullMarked
package io.registry.client.server;

import org.jspecify.annotations.NullMarked;
