/** What can be asked of a server, over either transport. */
@NullMarked
package io.registry.client.proxy;

import org.jspecify.annotations.NullMarked;
