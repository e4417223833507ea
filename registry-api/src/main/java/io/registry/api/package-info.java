/** The naming service as an application calls it. Holds no code that does anything: clients implement it. */
@NullMarked
package io.registry.api;

import org.jspecify.annotations.NullMarked;
