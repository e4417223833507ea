/**
 * The figures of the node, for scraping. Reads; changes nothing.
 */
@NullMarked
package io.registry.server.metrics;

import org.jspecify.annotations.NullMarked;
