package io.registry.server.core.service;

import io.registry.server.core.client.InstanceBytes;
import java.util.List;

/**
 * The instances that a filter lets through at one revision, in their order. Small beside the bytes of a
 * {@link ServicePayload}, so that who was shown this can keep it to be told the difference later.
 *
 * @param revision the revision of the service
 * @param instances what is shown; unmodifiable
 */
public record Shown(long revision, List<InstanceBytes> instances) {}
