/** The v3 naming calls: those of clients, those of administrators, and the console's names for the latter. */
@NullMarked
package io.registry.server.http.v3;

import org.jspecify.annotations.NullMarked;
