package io.registry.proto.payload;

/**
 * Which list of a service a message shows or refers to. Revisions are compared within one incarnation of one node only.
 *
 * @param node the id of the node
 * @param incarnation rises with each start of the node
 * @param revision rises with each change of the service
 */
public record ViewRevision(String node, long incarnation, long revision) {

    /** Returns another revision of the same node in its same life. */
    public ViewRevision at(long other) {
        return new ViewRevision(node, incarnation, other);
    }
}
