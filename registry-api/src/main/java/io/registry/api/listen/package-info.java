/** What an application is told when something has changed, and the interfaces by which it is told. */
@NullMarked
package io.registry.api.listen;

import org.jspecify.annotations.NullMarked;
