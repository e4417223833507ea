/** How a consumer narrows down instances, and chooses among them. */
@NullMarked
package io.registry.api.select;

import org.jspecify.annotations.NullMarked;
