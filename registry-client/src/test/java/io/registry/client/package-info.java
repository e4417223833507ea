/** The SDK against a scripted server, and its options. */
@NullMarked
package io.registry.client;

import org.jspecify.annotations.NullMarked;
