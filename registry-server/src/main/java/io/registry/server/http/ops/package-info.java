/**
 * The calls of operators and of machines that watch: probes, switches, figures, namespaces, members, clients; in all
 * versions that have them.
 */
@NullMarked
package io.registry.server.http.ops;

import org.jspecify.annotations.NullMarked;
