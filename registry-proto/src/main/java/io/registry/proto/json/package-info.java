/**
 * JSON as the protocols write it, byte by byte: an instance, a service around its instances, and the small writer that
 * all answers use. Pieces are made to be shared and put next to each other; nothing here reads JSON.
 */
@NullMarked
package io.registry.proto.json;

import org.jspecify.annotations.NullMarked;
