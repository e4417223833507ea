/**
 * What tests share: real server processes and small clients that speak the wire protocols. Knows nothing of the
 * server's classes.
 */
@NullMarked
package io.registry.server.testkit;

import org.jspecify.annotations.NullMarked;
