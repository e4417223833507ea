package io.registry.proto.payload;

/** A request about the connection itself. It needs no permission and carries no token. */
public sealed interface ConnectionRequest extends RequestPayload
        permits ServerCheckRequest, ConnectionSetupRequest, HealthCheckRequest {}
