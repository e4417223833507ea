@org.jspecify.annotations.NullMarked
package io.registry.server.lookup;
