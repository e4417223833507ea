@org.jspecify.annotations.NullMarked
package io.registry.server.core.access;
