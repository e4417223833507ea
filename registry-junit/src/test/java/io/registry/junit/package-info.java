/** The extension as applications use it, with the real client. */
@NullMarked
package io.registry.junit;

import org.jspecify.annotations.NullMarked;
