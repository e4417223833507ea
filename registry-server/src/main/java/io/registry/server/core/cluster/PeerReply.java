package io.registry.server.core.cluster;

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
 */
public record PeerReply(
        String refusal, String message, long told, long heard, int code, long intervalMillis, boolean light) {

    /** Returns the reply of a node that does not do it. */
    public static PeerReply refused(String refusal, String message) {
        return new PeerReply(refusal, message, 0, 0, 0, 0, false);
    }
}
