/** Planted offences of a class that serves HTTP. */
@NullMarked
package io.registry.server.http.offence;

import org.jspecify.annotations.NullMarked;
