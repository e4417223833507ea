package io.registry.server.compat.driver;

/** A naming client as {@link FiguresDriver} uses it: the same few calls, whoever made it. */
interface MeasuredClient {

    /** Registers an ephemeral instance in the default group. */
    void register(String service, String ip, int port) throws Exception;

    /** Deregisters it. */
    void deregister(String service, String ip, int port) throws Exception;

    /** Follows a service. */
    void subscribe(String service, Runnable onChange) throws Exception;

    /** Chooses an instance of a service that is followed. */
    Object choose(String service) throws Exception;

    /** Returns what is known of a service that is followed, as {@code ip:port}, in its order. */
    String known(String service) throws Exception;
}
