package io.registry.server.http;

/**
 * Answers the requests of one route.
 *
 * <p><b>Threading</b>: called on a container thread, many at once; may wait for the registry's answer, within the bound
 * of {@link HttpCall#await}.
 */
@FunctionalInterface
public interface Handler {

    /**
     * Answers a request.
     *
     * @throws io.registry.api.error.RegistryException to refuse it in the form of the route's dialect
     */
    Answer handle(HttpCall call);
}
