package io.registry.server.http;

import org.jspecify.annotations.Nullable;

/** Decides, before anything else is looked at, whether this node takes a request at the moment. */
@FunctionalInterface
public interface Gate {

    /**
     * Returns the refusal, or null where the request may pass.
     *
     * @param method the HTTP method, in capitals
     * @param uri the whole path, context path included, as it was sent
     * @param path the path below the context path
     */
    @Nullable
    Answer refusal(String method, String uri, String path);
}
