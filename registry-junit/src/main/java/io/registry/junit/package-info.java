/**
 * A registry in a process of its own, for tests: {@link io.registry.junit.RegistryExtension} for JUnit, {@link
 * io.registry.junit.Registry} for everything else. Its faults are real ones: the process ends, connections break. Knows
 * neither the server's classes nor a client.
 */
@NullMarked
package io.registry.junit;

import org.jspecify.annotations.NullMarked;
