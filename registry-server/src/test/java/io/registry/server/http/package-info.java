/** Tests of the HTTP adapter. */
@NullMarked
package io.registry.server.http;

import org.jspecify.annotations.NullMarked;
