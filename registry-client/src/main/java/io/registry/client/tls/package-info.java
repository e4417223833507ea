/** Certificates of servers and of the client, for both ways to a server. Knows nothing of what is said on them. */
@NullMarked
package io.registry.client.tls;

import org.jspecify.annotations.NullMarked;
