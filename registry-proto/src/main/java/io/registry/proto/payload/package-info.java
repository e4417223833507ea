/**
 * What the gRPC protocol says, as values: the requests of a client, its acknowledgements, and the numbers of errors.
 * Knows neither JSON nor envelopes. Whether a value may be what it is, is for the server to check.
 */
@NullMarked
package io.registry.proto.payload;

import org.jspecify.annotations.NullMarked;
