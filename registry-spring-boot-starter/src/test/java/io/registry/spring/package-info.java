/** Applications with the starter against the real server. */
@NullMarked
package io.registry.spring;

import org.jspecify.annotations.NullMarked;
