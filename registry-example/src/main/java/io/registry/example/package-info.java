/**
 * Small programs that show the Java SDK at work, each to be read alone. Names the SDK's public packages only, as an
 * application does.
 */
@NullMarked
package io.registry.example;

import org.jspecify.annotations.NullMarked;
