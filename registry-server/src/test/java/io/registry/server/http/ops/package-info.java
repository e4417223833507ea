/** Tests of the HTTP adapter. */
@NullMarked
package io.registry.server.http.ops;

import org.jspecify.annotations.NullMarked;
