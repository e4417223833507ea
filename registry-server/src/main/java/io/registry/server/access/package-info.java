/**
 * How callers prove who they are: passwords, tokens, and the first of both that a cluster has. Knows the core; what they may
 * do is decided there.
 */
@NullMarked
package io.registry.server.access;

import org.jspecify.annotations.NullMarked;
