package io.registry.server.core.client;

import io.registry.distro.model.Stamp;

/**
 * What a client says about a service, and when it said so: of two that name the same instance, the greater stamp is
 * shown.
 */
public record Published(Stamp stamp, Publication publication) {}
