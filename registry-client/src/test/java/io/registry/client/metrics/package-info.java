/** Tests of what is shown to Micrometer. */
@NullMarked
package io.registry.client.metrics;

import org.jspecify.annotations.NullMarked;
