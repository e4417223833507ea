/**
 * All persistent state in one file: written, checked, and brought into the log of another cluster. Knows the file and the
 * log, and nothing of how a file comes here.
 */
@NullMarked
package io.registry.server.backup;

import org.jspecify.annotations.NullMarked;
