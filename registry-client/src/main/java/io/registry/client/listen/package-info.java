/** Who wants to be told what, and the telling. */
@NullMarked
package io.registry.client.listen;

import org.jspecify.annotations.NullMarked;
