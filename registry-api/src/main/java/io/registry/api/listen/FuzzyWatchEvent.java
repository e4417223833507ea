package io.registry.api.listen;

import io.registry.api.model.ServiceKey;

/**
 * A service that matches a watched pattern is there, or no longer.
 *
 * @param service the service
 * @param present true where it is there, false where it is gone
 * @param initial whether this is part of what was there when the watch began, or what was missed while no server was
 *     connected
 */
public record FuzzyWatchEvent(ServiceKey service, boolean present, boolean initial) {}
