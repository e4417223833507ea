package io.registry.distro;

/**
 * The rules by which nodes come to agree. All are in force, always; tests take one away at a time, to see that their
 * checks notice.
 */
enum Rule {
    /** Of two records the one with the greater stamp is kept. */
    GREATER_STAMP_WINS,
    /** What is gone is remembered for a while. */
    TOMBSTONES,
    /** A write for want of evidence is no younger than the evidence was. */
    LAPSES_ARE_NO_EVIDENCE,
    /** Whoever is sent an older record of a client that beats sends back the one it holds. */
    HAND_BACK,
    /** A client that was heard lately is defended against those who did not hear it. */
    DEFENCE,
    /** A client of which two nodes knew different content is asked which it is. */
    CONTENT_IN_DOUBT,
    /** What a complete bucket omits is gone. */
    OMISSION,
    /** A node without a majority forgets nobody for silence. */
    MAJORITY,
    /** A connection that ended at our request is not gone at once. */
    DRAIN_GRACE,
    /** What an owner's restart left behind goes, and not at once. */
    RESTART_GRACE,
    /** What is on its way to a peer is not compared with it. */
    BUSY_BUCKETS,
    /** A change is applied only to a record that holds its base. */
    DELTA_BASE,
    /** The content of a changed record is checked against its sum. */
    DELTA_SUM,
    /** Pieces of one record are of one write. */
    PIECES_OF_ONE_WRITE,
    /** A node is ready when it has all that its peers own. */
    LOAD_BEFORE_READY,
    /** A node that loads is told of orphans, too. */
    ORPHANS_TO_LOADING
}
