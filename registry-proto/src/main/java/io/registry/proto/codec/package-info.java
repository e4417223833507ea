/**
 * Between payloads and their bytes: requests and acknowledgements are read here, answers, pushes and a client's requests
 * are written. Decides which types exist; what they mean is for others.
 */
@NullMarked
package io.registry.proto.codec;

import org.jspecify.annotations.NullMarked;
