/**
 * Users, roles, permissions and signing keys, as the persistent state keeps them. Values only: who may do what is decided in
 * the package of access, and what is kept here never leaves a node but to other members.
 */
@NullMarked
package io.registry.server.core.account;

import org.jspecify.annotations.NullMarked;
