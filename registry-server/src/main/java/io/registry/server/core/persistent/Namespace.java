package io.registry.server.core.persistent;

/**
 * A namespace that an operator has named.
 *
 * @param id its id
 * @param name the name to show
 * @param description free text
 */
public record Namespace(String id, String name, String description) {}
