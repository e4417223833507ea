package io.registry.proto.codec;

import io.registry.proto.payload.HostList;

/** What a client knows of services already. */
@FunctionalInterface
public interface KnownHosts {

    /** Returns the last list of a service that was read; an empty one where there is none. */
    HostList of(String group, String name);

    /** Returns that nothing is known. */
    static KnownHosts none() {
        return (group, name) -> HostList.EMPTY;
    }
}
