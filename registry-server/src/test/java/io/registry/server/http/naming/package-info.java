/** Tests of the HTTP adapter. */
@NullMarked
package io.registry.server.http.naming;

import org.jspecify.annotations.NullMarked;
