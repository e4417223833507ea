/** What the code of this module may not name. */
@NullMarked
package io.registry.distro.architecture;

import org.jspecify.annotations.NullMarked;
