package io.registry.server.http;

/** How a family of paths words its refusals. */
public enum Dialect {
    /** {@code /v1/ns}: plain texts, 501 for what is not there, and a check of the service name before anything else. */
    NAMING_V1,
    /** The other {@code /v1} paths: plain texts, 404 for what is not there. */
    CONSOLE_V1,
    /** {@code /v2} and {@code /v3}: an envelope with code, message and data. */
    ENVELOPE
}
