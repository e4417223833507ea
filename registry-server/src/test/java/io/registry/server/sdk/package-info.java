/** The Java SDK against the real process. */
@NullMarked
package io.registry.server.sdk;

import org.jspecify.annotations.NullMarked;
