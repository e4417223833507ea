/** What holds for the code as a whole: who may name whom, and what every file looks like. */
@NullMarked
package io.registry.server.architecture;

import org.jspecify.annotations.NullMarked;
