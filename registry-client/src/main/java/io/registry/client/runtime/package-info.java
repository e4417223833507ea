/** The threads of the SDK, which all clients of a process share, and what each client counts. Knows nothing of naming. */
@NullMarked
package io.registry.client.runtime;

import org.jspecify.annotations.NullMarked;
