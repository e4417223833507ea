/**
 * The gRPC protocol, against a real server process and byte by byte: each test carries the number of the item of the
 * protocol's checklist that it shows. Knows nothing of the server's classes.
 */
@NullMarked
package io.registry.server.wire;

import org.jspecify.annotations.NullMarked;
