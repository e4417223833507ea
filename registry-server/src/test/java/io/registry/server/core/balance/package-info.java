/** How connections are spread over the members. */
@NullMarked
package io.registry.server.core.balance;

import org.jspecify.annotations.NullMarked;
