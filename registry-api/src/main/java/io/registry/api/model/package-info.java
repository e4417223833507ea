/**
 * The words of the registry as immutable values: services, instances and their identities. Knows no wire format.
 */
@NullMarked
package io.registry.api.model;

import org.jspecify.annotations.NullMarked;
