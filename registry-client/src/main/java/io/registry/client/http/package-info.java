/** Calls over HTTP, one after the other on the thread that may block. */
@NullMarked
package io.registry.client.http;

import org.jspecify.annotations.NullMarked;
