/** Who may name whom in the SDK. */
@NullMarked
package io.registry.client.architecture;

import org.jspecify.annotations.NullMarked;
