/**
 * What the members of a cluster share, how each of them proves to know it, and how what they say to one another is
 * sealed. Knows nothing of the connections on which that happens.
 */
@NullMarked
package io.registry.server.secret;

import org.jspecify.annotations.NullMarked;
