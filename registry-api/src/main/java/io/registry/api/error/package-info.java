/**
 * The one exception that callers see, and its codes. Which status or payload code a code becomes is the protocols' business.
 */
@NullMarked
package io.registry.api.error;

import org.jspecify.annotations.NullMarked;
