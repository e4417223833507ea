/**
 * What a name, an address, a weight or metadata may be. Pure functions; each refusal names field, value and rule.
 */
@NullMarked
package io.registry.api.check;

import org.jspecify.annotations.NullMarked;
