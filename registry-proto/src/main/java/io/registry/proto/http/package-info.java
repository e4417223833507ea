/** The contract of the HTTP API that does not depend on who serves it: for now, the result codes of its envelopes. */
@NullMarked
package io.registry.proto.http;

import org.jspecify.annotations.NullMarked;
