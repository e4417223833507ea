package io.registry.server.peer;

import io.registry.server.core.encoding.Form;

/** What is said on a stream beside the messages of replication. */
final class StreamForms {

    /** Who calls. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Hello(int versionMin, int versionMax, String cluster, String node, long incarnation, byte[] nonce) {}

    /** Who was called. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Challenge(int version, String node, long incarnation, byte[] nonce) {}

    /** What is asked. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Call(long id, byte[] command) {}

    /** How it is answered. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Answer(long id, byte[] answer, String refusal) {}

    static final Form<Hello> HELLO = new Form<>(
            "Hello",
            (out, said) -> {
                out.number(1, said.versionMin());
                out.number(2, said.versionMax());
                out.text(3, said.cluster());
                out.text(4, said.node());
                out.number(5, said.incarnation());
                out.bytes(6, said.nonce());
            },
            in -> new Hello(in.whole(1), in.whole(2), in.text(3), in.text(4), in.number(5), in.bytes(6)));

    static final Form<Challenge> CHALLENGE = new Form<>(
            "Challenge",
            (out, said) -> {
                out.number(1, said.version());
                out.text(2, said.node());
                out.number(3, said.incarnation());
                out.bytes(4, said.nonce());
            },
            in -> new Challenge(in.whole(1), in.text(2), in.number(3), in.bytes(4)));

    static final Form<byte[]> PROOF = new Form<>("Proof", (out, proof) -> out.bytes(1, proof), in -> in.bytes(1));

    static final Form<Call> CALL = new Form<>(
            "Call",
            (out, said) -> {
                out.number(1, said.id());
                out.bytes(2, said.command());
            },
            in -> new Call(in.number(1), in.bytes(2)));

    static final Form<Answer> ANSWER = new Form<>(
            "Answer",
            (out, said) -> {
                out.number(1, said.id());
                out.bytes(2, said.answer());
                out.text(3, said.refusal());
            },
            in -> new Answer(in.number(1), in.bytes(2), in.text(3)));

    private StreamForms() {}
}
