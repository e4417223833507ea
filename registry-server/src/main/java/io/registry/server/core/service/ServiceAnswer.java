package io.registry.server.core.service;

import io.registry.api.model.ServiceKey;

/**
 * What is said about a service, in an answer or in a push.
 *
 * @param service which service
 * @param clusters the filter as the consumer gave it, to be echoed byte for byte
 * @param payload its instances
 * @param lastRefTime when this was said, in milliseconds; never below what was said before
 */
public record ServiceAnswer(ServiceKey service, String clusters, ServicePayload payload, long lastRefTime) {}
