/**
 * The gRPC protocol, against a real server process and byte by byte: each test carries the number of the item of the
 * protocol's checklist that it shows; and what operators, disks and deaths do to a node or a cluster, where tests carry
 * numbers only if the checklist has them. Knows nothing of the server's classes.
 */
@NullMarked
package io.registry.server.wire;

import org.jspecify.annotations.NullMarked;
