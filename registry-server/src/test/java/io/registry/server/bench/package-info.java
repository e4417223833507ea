/** What benchmarks compare with: not a test, and not run by the build. */
@NullMarked
package io.registry.server.bench;

import org.jspecify.annotations.NullMarked;
