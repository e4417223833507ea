package io.registry.server.core.operate;

import io.registry.api.model.ServiceKey;
import io.registry.server.core.push.FuzzyPattern;
import java.util.List;
import java.util.Set;

/**
 * What goes on for a connection without its asking again.
 *
 * @param published the services that it has instances in
 * @param subscribed the services of whose changes it is told
 * @param watched the patterns of whose services it is told
 */
public record Held(Set<ServiceKey> published, Set<ServiceKey> subscribed, List<FuzzyPattern> watched) {}
