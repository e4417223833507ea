/**
 * Where records are kept: the living ones by client, and a bounded memory of those that are gone. Holds the rule by
 * which of two records the later one is kept, and knows neither time nor listeners.
 */
@NullMarked
package io.registry.distro.store;

import org.jspecify.annotations.NullMarked;
