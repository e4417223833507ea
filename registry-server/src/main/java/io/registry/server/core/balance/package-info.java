/**
 * Where the connections of a cluster are, and how they are moved: how many each member has, whom to ask to leave, and how
 * fast. Knows of connections only that clients can be asked to go.
 */
@NullMarked
package io.registry.server.core.balance;

import org.jspecify.annotations.NullMarked;
