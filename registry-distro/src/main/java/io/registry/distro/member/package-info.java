/**
 * The other nodes, as this one sees them: who is configured, who is up and how far, and which node is responsible for
 * a client that beats.
 */
@NullMarked
package io.registry.distro.member;

import org.jspecify.annotations.NullMarked;
