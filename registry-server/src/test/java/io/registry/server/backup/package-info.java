/** Tests of backups. */
@NullMarked
package io.registry.server.backup;

import org.jspecify.annotations.NullMarked;
