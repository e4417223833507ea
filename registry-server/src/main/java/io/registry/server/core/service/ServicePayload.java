package io.registry.server.core.service;

/**
 * What consumers are shown of one service at one revision through one filter: the JSON of its instances, joined once
 * and shared by every answer and every push.
 *
 * @param revision the revision of the service
 * @param hosts JSON objects separated by commas, in UTF-8, without brackets; shared, not to be written to
 * @param count how many they are
 * @param reachProtectionThreshold whether so few are healthy that all are shown as healthy
 */
// The bytes are shared on purpose; payloads are never compared.
@SuppressWarnings("ArrayRecordComponent")
public record ServicePayload(long revision, byte[] hosts, int count, boolean reachProtectionThreshold) {}
