package io.registry.server.grpc;

import io.registry.server.core.access.AccessPolicy;
import io.registry.server.core.event.RegistryEvent;
import java.util.function.Consumer;

/**
 * Who decides about requests, and who is told of those that are refused.
 *
 * @param policy decides
 * @param refusals takes what is refused, for the record; from any thread, without blocking
 */
public record Door(AccessPolicy policy, Consumer<? super RegistryEvent> refusals) {}
