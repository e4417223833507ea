package io.registry.api.error;

/**
 * Why a call was refused. Each protocol turns a code into its own status and number in one place.
 */
public enum ErrorCode {
    /** A parameter is malformed or out of its range. */
    INVALID_PARAMETER,
    /** A required parameter is missing. */
    MISSING_PARAMETER,
    /** A weight outside 0..10000. */
    WEIGHT,
    /** Metadata that cannot be read. */
    METADATA,
    /** An instance's own settings contradict each other, or its id generator is unknown. */
    INSTANCE,
    /** The service is of the other kind: ephemeral instead of persistent, or the reverse. */
    KIND_MISMATCH,
    /** The instance is not there. */
    INSTANCE_NOT_FOUND,
    /** Something other than a service or an instance is not there. */
    NOT_FOUND,
    /** The service is not there. */
    SERVICE_NOT_FOUND,
    /** The service is there already. */
    SERVICE_EXISTS,
    /** The service has instances and cannot be removed. */
    SERVICE_NOT_EMPTY,
    /** The selector is of no known type. */
    SELECTOR,
    /** Health is judged by a check and cannot be set by hand. */
    HEALTH_CHECK_WORKING,
    /** The namespace is not there. */
    NAMESPACE_NOT_FOUND,
    /** The namespace is there already. */
    NAMESPACE_EXISTS,
    /** The namespace has instances, or is the default one, and cannot be removed. */
    NAMESPACE_IN_USE,
    /** A state that does not exist, or in which the call makes no sense. */
    ILLEGAL_STATE,
    /** A connection that is not, or no longer, registered. */
    UNREGISTERED,
    /** A limit of this node is reached. */
    OVER_LIMIT,
    /** More work is waiting than this node takes; the same call may succeed later. */
    OVERLOADED,
    /** The node is not, or no longer, serving. */
    NOT_READY,
    /** The caller may not do this. */
    FORBIDDEN,
    /**
     * No server has answered in time, or the caller was interrupted before; what was asked for may still come about. Made
     * by clients.
     */
    UNREACHABLE,
    /** The server cannot do this. Made by clients. */
    UNSUPPORTED,
    /** The consistent log has no leader at the moment. */
    NO_LEADER,
    /** What should be kept cannot be kept: the disk of the server is full, or has failed. */
    STORAGE,
    /** Something went wrong that the caller could not have prevented. */
    INTERNAL
}
