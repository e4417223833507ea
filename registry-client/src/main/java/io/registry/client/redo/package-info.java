/** What the application wants against what the server has acknowledged on the connection in use. */
@NullMarked
package io.registry.client.redo;

import org.jspecify.annotations.NullMarked;
