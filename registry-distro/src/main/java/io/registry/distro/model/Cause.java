package io.registry.distro.model;

/** Why a record is what it is, or why it changed. */
public enum Cause {
    /** Somebody told us what is so: a registration, or a change of one. */
    PUBLISHED,
    /** Somebody told us that it lives: a beat that created, revived or took over the record. */
    HEARD,
    /** Nobody told us: the content was changed for want of evidence, such as a missed beat. */
    LAPSED,
    /** Somebody told us that it is gone: a deregistration. */
    WITHDRAWN,
    /** Its connection ended while it published something, of which nobody said that it is gone. */
    DISCONNECTED,
    /** Nobody told us, for so long that it counts as gone. */
    SILENCE,
    /** Its owner did not list it among all that it owns: a withdrawal that was never heard of. */
    OMITTED,
    /** Dropped on this node only, since no owner came back for it. Not a record's cause: forgetting leaves none. */
    FORGOTTEN,
    /** Known again after a restart, as an orphan, from disk or from another node. Not a record's cause: that stays. */
    RESTORED;

    /** Returns whether a living record may carry this cause. */
    public boolean ofLife() {
        return this == PUBLISHED || this == HEARD || this == LAPSED;
    }

    /** Returns whether a tombstone may carry this cause. */
    public boolean ofDeath() {
        return this == WITHDRAWN || this == DISCONNECTED || this == SILENCE || this == OMITTED;
    }
}
