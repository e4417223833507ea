package io.registry.api;

import io.registry.api.listen.FuzzyWatcher;
import io.registry.api.listen.ServiceListener;
import io.registry.api.model.Departure;
import io.registry.api.model.Instance;
import io.registry.api.model.ServiceInfo;
import io.registry.api.model.ServiceKey;
import io.registry.api.model.ServicePage;
import io.registry.api.select.InstanceSelector;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * A client's view of one namespace of a registry.
 *
 * <p><b>Names</b>: a service is named by its bare name and its group; a name of the form {@code group@@name} brings its
 * group with it. Clusters are lists of names; an empty list stands for all.
 *
 * <p><b>What is wanted stays wanted</b>: registrations of ephemeral instances, subscriptions and watches are kept by the
 * client and made good on every new connection, until they are taken back. A call that fails because no server answered
 * in time ({@link io.registry.api.error.ErrorCode#UNREACHABLE}) has still said what is wanted. A call that the server
 * refuses has not.
 *
 * <p><b>Several instances of one service</b>: registering another address of the same service adds it, and deregistering
 * takes away the named address only. The instances of one service that a process registers travel together, so
 * hundreds of them should be registered as a batch. A batch replaces what this object registered for the service.
 *
 * <p><b>Errors</b>: {@link io.registry.api.error.RegistryException}. Malformed arguments are refused before anything is
 * sent, with a text that names field, value and rule.
 *
 * <p><b>Threading</b>: safe for use by any thread. Calls block, each for the request time-out of the client at most;
 * what is answered from the client's own memory does not. A call whose thread is interrupted ends with {@code
 * UNREACHABLE} at once, whatever the server makes of it, and leaves the thread interrupted.
 */
public interface NamingService extends AutoCloseable {

    /** Registers an instance: adds it, or replaces what this client registered under the same address and cluster. */
    void registerInstance(String serviceName, String groupName, Instance instance);

    /** Registers an instance in the default group. */
    default void registerInstance(String serviceName, Instance instance) {
        registerInstance(serviceName, ServiceKey.DEFAULT_GROUP, instance);
    }

    /** Registers an ephemeral instance with default values in the default group. */
    default void registerInstance(String serviceName, String ip, int port) {
        registerInstance(serviceName, ServiceKey.DEFAULT_GROUP, Instance.of(ip, port));
    }

    /** Registers an ephemeral instance with default values. */
    default void registerInstance(String serviceName, String groupName, String ip, int port) {
        registerInstance(serviceName, groupName, Instance.of(ip, port));
    }

    /** Registers an ephemeral instance in a cluster of the default group. */
    default void registerInstance(String serviceName, String ip, int port, String clusterName) {
        registerInstance(serviceName, ServiceKey.DEFAULT_GROUP, ip, port, clusterName);
    }

    /** Registers an ephemeral instance in a cluster. */
    default void registerInstance(String serviceName, String groupName, String ip, int port, String clusterName) {
        registerInstance(
                serviceName,
                groupName,
                Instance.builder(ip, port).cluster(clusterName).build());
    }

    /** Registers exactly these ephemeral instances of a service, in the place of whatever this object registered for it. */
    void batchRegisterInstance(String serviceName, String groupName, List<Instance> instances);

    /** Deregisters these ephemeral instances of a service; those that were not registered do not matter. */
    void batchDeregisterInstance(String serviceName, String groupName, List<Instance> instances);

    /** Deregisters an instance by its address and cluster; no effect where it is not registered. */
    void deregisterInstance(String serviceName, String groupName, Instance instance);

    /**
     * Deregisters an instance and waits until every client that follows the service over a connection to the same server
     * has acknowledged a list without it: after that no call of theirs begins that goes there. Where the server cannot
     * tell, the whole time is waited.
     *
     * @param timeout how long to wait for the others after the server has taken the instance out; at most 60 s
     * @return who has not acknowledged in time, if anybody
     */
    Departure deregisterAndAwait(String serviceName, String groupName, Instance instance, Duration timeout);

    /** Deregisters an instance of the default group and waits until those who follow the service know. */
    default Departure deregisterAndAwait(String serviceName, Instance instance, Duration timeout) {
        return deregisterAndAwait(serviceName, ServiceKey.DEFAULT_GROUP, instance, timeout);
    }

    /** Deregisters an instance of the default group. */
    default void deregisterInstance(String serviceName, Instance instance) {
        deregisterInstance(serviceName, ServiceKey.DEFAULT_GROUP, instance);
    }

    /** Deregisters an ephemeral instance of the default cluster and group. */
    default void deregisterInstance(String serviceName, String ip, int port) {
        deregisterInstance(serviceName, ServiceKey.DEFAULT_GROUP, Instance.of(ip, port));
    }

    /** Deregisters an ephemeral instance of the default cluster. */
    default void deregisterInstance(String serviceName, String groupName, String ip, int port) {
        deregisterInstance(serviceName, groupName, Instance.of(ip, port));
    }

    /** Deregisters an ephemeral instance of the default group. */
    default void deregisterInstance(String serviceName, String ip, int port, String clusterName) {
        deregisterInstance(serviceName, ServiceKey.DEFAULT_GROUP, ip, port, clusterName);
    }

    /** Deregisters an ephemeral instance. */
    default void deregisterInstance(String serviceName, String groupName, String ip, int port, String clusterName) {
        deregisterInstance(
                serviceName,
                groupName,
                Instance.builder(ip, port).cluster(clusterName).build());
    }

    /**
     * Returns the enabled instances of a service, healthy or not.
     *
     * @param subscribe true to follow the service from now on and to answer from what is known about it; false to ask
     *     the server
     */
    List<Instance> getAllInstances(String serviceName, String groupName, List<String> clusters, boolean subscribe);

    /** Returns the enabled instances of a service of the default group, and follows it. */
    default List<Instance> getAllInstances(String serviceName) {
        return getAllInstances(serviceName, ServiceKey.DEFAULT_GROUP, List.of(), true);
    }

    /** Returns the enabled instances of a service, and follows it. */
    default List<Instance> getAllInstances(String serviceName, String groupName) {
        return getAllInstances(serviceName, groupName, List.of(), true);
    }

    /** Returns the enabled instances of a service of the default group. */
    default List<Instance> getAllInstances(String serviceName, boolean subscribe) {
        return getAllInstances(serviceName, ServiceKey.DEFAULT_GROUP, List.of(), subscribe);
    }

    /** Returns the enabled instances of a service. */
    default List<Instance> getAllInstances(String serviceName, String groupName, boolean subscribe) {
        return getAllInstances(serviceName, groupName, List.of(), subscribe);
    }

    /** Returns the enabled instances in clusters of a service of the default group, and follows it. */
    default List<Instance> getAllInstances(String serviceName, List<String> clusters) {
        return getAllInstances(serviceName, ServiceKey.DEFAULT_GROUP, clusters, true);
    }

    /** Returns the enabled instances in clusters of a service, and follows it. */
    default List<Instance> getAllInstances(String serviceName, String groupName, List<String> clusters) {
        return getAllInstances(serviceName, groupName, clusters, true);
    }

    /** Returns the enabled instances in clusters of a service of the default group. */
    default List<Instance> getAllInstances(String serviceName, List<String> clusters, boolean subscribe) {
        return getAllInstances(serviceName, ServiceKey.DEFAULT_GROUP, clusters, subscribe);
    }

    /**
     * Returns those enabled instances that have a weight above 0 and are healthy, or are not.
     *
     * @param healthy which of the two
     * @param subscribe as in {@link #getAllInstances(String, String, List, boolean)}
     */
    List<Instance> selectInstances(
            String serviceName, String groupName, List<String> clusters, boolean healthy, boolean subscribe);

    /** Returns the usable or the unhealthy instances of a service of the default group, and follows it. */
    default List<Instance> selectInstances(String serviceName, boolean healthy) {
        return selectInstances(serviceName, ServiceKey.DEFAULT_GROUP, List.of(), healthy, true);
    }

    /** Returns the usable or the unhealthy instances of a service, and follows it. */
    default List<Instance> selectInstances(String serviceName, String groupName, boolean healthy) {
        return selectInstances(serviceName, groupName, List.of(), healthy, true);
    }

    /** Returns the usable or the unhealthy instances of a service of the default group. */
    default List<Instance> selectInstances(String serviceName, boolean healthy, boolean subscribe) {
        return selectInstances(serviceName, ServiceKey.DEFAULT_GROUP, List.of(), healthy, subscribe);
    }

    /** Returns the usable or the unhealthy instances of a service. */
    default List<Instance> selectInstances(String serviceName, String groupName, boolean healthy, boolean subscribe) {
        return selectInstances(serviceName, groupName, List.of(), healthy, subscribe);
    }

    /** Returns the usable or the unhealthy instances in clusters of a service of the default group, and follows it. */
    default List<Instance> selectInstances(String serviceName, List<String> clusters, boolean healthy) {
        return selectInstances(serviceName, ServiceKey.DEFAULT_GROUP, clusters, healthy, true);
    }

    /** Returns the usable or the unhealthy instances in clusters of a service, and follows it. */
    default List<Instance> selectInstances(
            String serviceName, String groupName, List<String> clusters, boolean healthy) {
        return selectInstances(serviceName, groupName, clusters, healthy, true);
    }

    /** Returns the usable or the unhealthy instances in clusters of a service of the default group. */
    default List<Instance> selectInstances(
            String serviceName, List<String> clusters, boolean healthy, boolean subscribe) {
        return selectInstances(serviceName, ServiceKey.DEFAULT_GROUP, clusters, healthy, subscribe);
    }

    /**
     * Returns a usable instance, chosen at random in proportion to the weights.
     *
     * @param subscribe as in {@link #getAllInstances(String, String, List, boolean)}
     * @throws io.registry.api.error.RegistryException with {@code INSTANCE_NOT_FOUND} where there is none
     */
    Instance selectOneHealthyInstance(String serviceName, String groupName, List<String> clusters, boolean subscribe);

    /** Chooses a usable instance of a service of the default group, and follows it. */
    default Instance selectOneHealthyInstance(String serviceName) {
        return selectOneHealthyInstance(serviceName, ServiceKey.DEFAULT_GROUP, List.of(), true);
    }

    /** Chooses a usable instance of a service, and follows it. */
    default Instance selectOneHealthyInstance(String serviceName, String groupName) {
        return selectOneHealthyInstance(serviceName, groupName, List.of(), true);
    }

    /** Chooses a usable instance of a service of the default group. */
    default Instance selectOneHealthyInstance(String serviceName, boolean subscribe) {
        return selectOneHealthyInstance(serviceName, ServiceKey.DEFAULT_GROUP, List.of(), subscribe);
    }

    /** Chooses a usable instance of a service. */
    default Instance selectOneHealthyInstance(String serviceName, String groupName, boolean subscribe) {
        return selectOneHealthyInstance(serviceName, groupName, List.of(), subscribe);
    }

    /** Chooses a usable instance in clusters of a service of the default group, and follows it. */
    default Instance selectOneHealthyInstance(String serviceName, List<String> clusters) {
        return selectOneHealthyInstance(serviceName, ServiceKey.DEFAULT_GROUP, clusters, true);
    }

    /** Chooses a usable instance in clusters of a service, and follows it. */
    default Instance selectOneHealthyInstance(String serviceName, String groupName, List<String> clusters) {
        return selectOneHealthyInstance(serviceName, groupName, clusters, true);
    }

    /** Chooses a usable instance in clusters of a service of the default group. */
    default Instance selectOneHealthyInstance(String serviceName, List<String> clusters, boolean subscribe) {
        return selectOneHealthyInstance(serviceName, ServiceKey.DEFAULT_GROUP, clusters, subscribe);
    }

    /**
     * Has a listener told what becomes of those instances of a service that a selector lets through. Subscribing the
     * same listener with an equal selector again has no effect.
     */
    void subscribe(String serviceName, String groupName, InstanceSelector selector, ServiceListener listener);

    /** Has a listener told what becomes of a service of the default group. */
    default void subscribe(String serviceName, ServiceListener listener) {
        subscribe(serviceName, ServiceKey.DEFAULT_GROUP, InstanceSelector.all(), listener);
    }

    /** Has a listener told what becomes of a service. */
    default void subscribe(String serviceName, String groupName, ServiceListener listener) {
        subscribe(serviceName, groupName, InstanceSelector.all(), listener);
    }

    /** Has a listener told what becomes of clusters of a service of the default group. */
    default void subscribe(String serviceName, List<String> clusters, ServiceListener listener) {
        subscribe(serviceName, ServiceKey.DEFAULT_GROUP, InstanceSelector.clusters(clusters), listener);
    }

    /** Has a listener told what becomes of clusters of a service. */
    default void subscribe(String serviceName, String groupName, List<String> clusters, ServiceListener listener) {
        subscribe(serviceName, groupName, InstanceSelector.clusters(clusters), listener);
    }

    /** Ends a subscription; no effect where there is none. When no listener is left, the service is followed no longer. */
    void unsubscribe(String serviceName, String groupName, InstanceSelector selector, ServiceListener listener);

    /** Ends a subscription to a service of the default group. */
    default void unsubscribe(String serviceName, ServiceListener listener) {
        unsubscribe(serviceName, ServiceKey.DEFAULT_GROUP, InstanceSelector.all(), listener);
    }

    /** Ends a subscription to a service. */
    default void unsubscribe(String serviceName, String groupName, ServiceListener listener) {
        unsubscribe(serviceName, groupName, InstanceSelector.all(), listener);
    }

    /** Ends a subscription to clusters of a service of the default group. */
    default void unsubscribe(String serviceName, List<String> clusters, ServiceListener listener) {
        unsubscribe(serviceName, ServiceKey.DEFAULT_GROUP, InstanceSelector.clusters(clusters), listener);
    }

    /** Ends a subscription to clusters of a service. */
    default void unsubscribe(String serviceName, String groupName, List<String> clusters, ServiceListener listener) {
        unsubscribe(serviceName, groupName, InstanceSelector.clusters(clusters), listener);
    }

    /**
     * Has a watcher told which services come and go whose names match. In a pattern a {@code *} at the start, at the end,
     * or alone stands for anything.
     *
     * @return completed with the services that match when the server has told them all; exceptionally where the server
     *     cannot do this
     */
    CompletableFuture<Set<ServiceKey>> fuzzyWatch(String servicePattern, String groupPattern, FuzzyWatcher watcher);

    /** Has a watcher told which services of the groups that match come and go. */
    default CompletableFuture<Set<ServiceKey>> fuzzyWatch(String groupPattern, FuzzyWatcher watcher) {
        return fuzzyWatch("*", groupPattern, watcher);
    }

    /** Ends a watch; no effect where there is none. */
    void cancelFuzzyWatch(String servicePattern, String groupPattern, FuzzyWatcher watcher);

    /** Ends a watch of all services of the groups that match. */
    default void cancelFuzzyWatch(String groupPattern, FuzzyWatcher watcher) {
        cancelFuzzyWatch("*", groupPattern, watcher);
    }

    /**
     * Returns a page of the services of a group.
     *
     * @param pageNo counts from 1
     * @param pageSize how many names a page has, at least 1
     */
    ServicePage getServicesOfServer(int pageNo, int pageSize, String groupName);

    /** Returns a page of the services of the default group. */
    default ServicePage getServicesOfServer(int pageNo, int pageSize) {
        return getServicesOfServer(pageNo, pageSize, ServiceKey.DEFAULT_GROUP);
    }

    /** Returns what is known about the services that this object's listeners follow; does not ask the server. */
    List<ServiceInfo> getSubscribeServices();

    /** Returns {@code UP} where a server answers, else {@code DOWN}. */
    String getServerStatus();

    /** Returns how this client stands with its server; does not ask the server. */
    ClientStatus status();

    /** Returns what this client has done so far. Does not block, and does not fail after {@link #close}. */
    ClientFigures figures();

    /** As {@link #close()}. */
    default void shutDown() {
        close();
    }

    /**
     * Deregisters this object's ephemeral instances, ends its subscriptions and watches, and gives back its share of
     * connection and threads, which end with the last of those that share them. Takes less than a second, also where no
     * server answers. Repeating it has no effect; every other call fails afterwards.
     */
    @Override
    void close();
}
