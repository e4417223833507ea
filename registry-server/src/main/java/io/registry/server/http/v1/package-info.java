/** The v1 naming calls: parameters in, the registry's operators asked, plain texts and bare JSON out. */
@NullMarked
package io.registry.server.http.v1;

import org.jspecify.annotations.NullMarked;
