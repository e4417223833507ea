package io.registry.server.core.cluster;

import org.jspecify.annotations.Nullable;

/**
 * What came of a {@link PeerCommand}.
 *
 * @param refusal the name of the refusal; empty where the command was carried out
 * @param message what the refusal says; empty where there is none
 * @param told the hybrid time at which somebody last said what is so of the client, as the node knows it now; 0 where it
 *     knows nothing
 * @param heard likewise, or that it lives
 * @param code the code of the answer to a beat; 0 for another command
 * @param intervalMillis when to beat again
 * @param light whether beats without content will do
 * @param digest the answer to the question for one; null for another command
 * @param seen the answer to the question whether subscribers know a state; null for another command
 * @param load how busy the node is, where that was asked, or to move clients away; null for another command
 * @param records the answer to the question which records there are; null for another command
 * @param asked how many members were asked again, where that was wished
 */
public record PeerReply(
        String refusal,
        String message,
        long told,
        long heard,
        int code,
        long intervalMillis,
        boolean light,
        @Nullable ServiceDigest digest,
        @Nullable SubscribersSeen seen,
        @Nullable MemberLoad load,
        @Nullable ServiceRecords records,
        int asked) {

    /** Returns the reply of a node that does not do it. */
    public static PeerReply refused(String refusal, String message) {
        return new PeerReply(refusal, message, 0, 0, 0, 0, false, null, null, null, null, 0);
    }

    /** Returns the reply to the question for a digest. */
    public static PeerReply of(ServiceDigest digest) {
        return new PeerReply("", "", 0, 0, 0, 0, false, digest, null, null, null, 0);
    }

    /** Returns the reply to the question whether subscribers know a state. */
    public static PeerReply of(SubscribersSeen seen) {
        return new PeerReply("", "", 0, 0, 0, 0, false, null, seen, null, null, 0);
    }

    /** Returns the reply to the question how busy the node is. */
    public static PeerReply of(MemberLoad load) {
        return new PeerReply("", "", 0, 0, 0, 0, false, null, null, load, null, 0);
    }

    /** Returns the reply to the question which records there are. */
    public static PeerReply of(ServiceRecords records) {
        return new PeerReply("", "", 0, 0, 0, 0, false, null, null, null, records, 0);
    }

    /** Returns the reply of a node that has asked others again. */
    public static PeerReply asked(int members) {
        return new PeerReply("", "", 0, 0, 0, 0, false, null, null, null, null, members);
    }
}
