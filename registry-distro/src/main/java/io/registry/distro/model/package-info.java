/**
 * The values that replication is about: clients, nodes, stamps and records. Immutable, and ordered where an order is
 * ever needed, so that nothing depends on a hash.
 */
@NullMarked
package io.registry.distro.model;

import org.jspecify.annotations.NullMarked;
