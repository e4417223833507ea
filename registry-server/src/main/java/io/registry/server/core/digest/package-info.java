/** The digest by which states are compared, files checked, and secrets known without being kept. */
@NullMarked
package io.registry.server.core.digest;

import org.jspecify.annotations.NullMarked;
