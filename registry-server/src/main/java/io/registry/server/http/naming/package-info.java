/**
 * What the versions of the naming calls share: reading instances, services and selectors from parameters, and the bodies
 * that show them. Knows no path and no version.
 */
@NullMarked
package io.registry.server.http.naming;

import org.jspecify.annotations.NullMarked;
