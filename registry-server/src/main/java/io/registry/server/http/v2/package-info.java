/** The v2 naming calls: the registry's operators in an envelope of code, message and data. */
@NullMarked
package io.registry.server.http.v2;

import org.jspecify.annotations.NullMarked;
