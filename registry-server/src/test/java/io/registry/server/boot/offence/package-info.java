/** What nobody but the start may name, and is named by a planted offence. */
@NullMarked
package io.registry.server.boot.offence;

import org.jspecify.annotations.NullMarked;
