/** What a native image has to be told about the client, held against what the client really looks up. */
@NullMarked
package io.registry.client.nativeimage;

import org.jspecify.annotations.NullMarked;
