package io.registry.server.http;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The table of everything that can be called: exact paths, each with its methods, and the few paths with a free segment.
 * There is no mapping without its
 * {@link Access}. Every mapping can be listed, so that what must hold for all of them can be checked for all of them.
 *
 * <p><b>Threading</b>: filled at wiring by one thread, read-only afterwards.
 */
public final class Routes {

    private final Map<String, Map<String, Route>> byPath = new HashMap<>();
    private final List<Route> patterns = new ArrayList<>();
    private final List<Route> all = new ArrayList<>();

    /**
     * Adds a route.
     *
     * @throws IllegalStateException where there is one with this method and path already
     */
    public Routes add(String method, String path, Access access, Dialect dialect, Handler handler) {
        Route route = new Route(method, path, access, dialect, handler);
        Route before =
                byPath.computeIfAbsent(path, any -> new LinkedHashMap<>()).putIfAbsent(method, route);
        if (before != null) {
            throw new IllegalStateException("route: " + method + " " + path + " (expected: once)");
        }
        if (route.isPattern()) {
            patterns.add(route);
        }
        all.add(route);
        return this;
    }

    /** Adds a route that reads its body, or writes its answer, itself; otherwise as {@link #add}. */
    public Routes stream(String method, String path, Access access, Dialect dialect, StreamHandler handler) {
        return add(method, path, access, dialect, new StreamHandler.Streaming(handler));
    }

    /** Returns all routes, in the order in which they were added. */
    public List<Route> all() {
        return Collections.unmodifiableList(all);
    }

    /** Returns the routes of a path by method; empty where there is no such path. */
    Map<String, Route> at(String path) {
        Map<String, Route> exact = byPath.get(path);
        if (exact != null) {
            return exact;
        }
        for (Route pattern : patterns) {
            if (pattern.fits(path)) {
                return byPath.getOrDefault(pattern.path(), Map.of());
            }
        }
        return Map.of();
    }
}
