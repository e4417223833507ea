/** Shows a client's state and figures to Micrometer. The one place that names Micrometer, which applications may lack. */
@NullMarked
package io.registry.client.metrics;

import org.jspecify.annotations.NullMarked;
