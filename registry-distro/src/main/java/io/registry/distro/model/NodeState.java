package io.registry.distro.model;

/** How far a node is, as it says of itself. */
public enum NodeState {
    /** It does not know yet what the others know: it answers no query, and owns no client that beats. */
    LOADING,
    /** It knows what there is to know. */
    READY,
    /** Ready, and for so long, or from such a source, that what it does not know is not there. */
    SETTLED;

    /** Returns whether it may be given clients that beat. */
    public boolean isReady() {
        return this != LOADING;
    }
}
