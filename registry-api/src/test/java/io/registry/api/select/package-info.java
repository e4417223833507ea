/** The choice among instances. */
@NullMarked
package io.registry.api.select;

import org.jspecify.annotations.NullMarked;
