/**
 * Where the other members of a cluster may be found, as operators have said. Gives addresses to try and never says who is
 * a member; knows nothing of those who try them.
 */
@NullMarked
package io.registry.server.lookup;

import org.jspecify.annotations.NullMarked;
