/** What listeners are told. */
@NullMarked
package io.registry.client.listen;

import org.jspecify.annotations.NullMarked;
