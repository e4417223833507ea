/** Tests of how the server is put together: settings, start and stop. */
@NullMarked
package io.registry.server.boot;

import org.jspecify.annotations.NullMarked;
