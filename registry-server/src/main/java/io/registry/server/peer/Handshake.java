package io.registry.server.peer;

import io.registry.distro.model.NodeId;
import io.registry.server.core.encoding.Form;
import io.registry.server.core.encoding.MessageReader;
import io.registry.server.core.encoding.MessageWriter;
import io.registry.server.core.encoding.UnknownFormException;
import io.registry.server.peer.StreamForms.Challenge;
import io.registry.server.peer.StreamForms.Hello;
import io.registry.server.secret.PeerSecret;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * How two nodes get to know one another: who calls says who it is, is told who was called, and proves that it knows the
 * secret; then the other proves the same. Each proof is over all that both have said. The caller goes first, so that who
 * does not know the secret is given nothing to guess it from.
 *
 * <p><b>Threading</b>: for one thread.
 */
final class Handshake {

    private static final String CALLER = "peer caller";
    private static final String CALLED = "peer called";

    /** Names from strangers are shown up to here. */
    private static final int SHOWN_MAX = 64;

    private final PeerConfig config;
    private final byte[] nonce = PeerSecret.nonce();
    private byte[] said = new byte[0];
    private byte[] otherNonce = new byte[0];
    private @Nullable NodeId peer;
    private long incarnation;
    private int version;

    Handshake(PeerConfig config) {
        this.config = config;
    }

    /** Returns the caller's first message. */
    byte[] hello() {
        byte[] hello = MessageWriter.write(
                StreamForms.HELLO,
                new Hello(
                        config.versions().min(),
                        config.versions().max(),
                        config.secret().cluster(),
                        config.self().value(),
                        config.incarnation(),
                        nonce));
        say(hello);
        return hello;
    }

    /** Takes the caller's first message and returns the called's. */
    byte[] challenge(byte[] hello) throws RefusedException {
        Hello caller = read(hello, StreamForms.HELLO);
        if (!caller.cluster().equals(config.secret().cluster())) {
            throw new RefusedException("registry.cluster.name: " + shown(caller.cluster()) + " (expected: "
                    + config.secret().cluster() + ")");
        }
        PeerConfig.Versions mine = config.versions();
        version = Math.min(mine.max(), caller.versionMax());
        if (version < Math.max(mine.min(), caller.versionMin())) {
            throw new RefusedException("versions: " + caller.versionMin() + ".." + caller.versionMax()
                    + " (expected: one of " + mine.min() + ".." + mine.max() + ")");
        }
        learn(caller.node(), caller.incarnation(), caller.nonce());
        if (config.self().equals(peer)) {
            throw new RefusedException("node: " + shown(caller.node()) + ", which is the one that was called (expected:"
                    + " another; a data directory was copied, or an address leads back to this node)");
        }
        byte[] challenge = MessageWriter.write(
                StreamForms.CHALLENGE, new Challenge(version, config.self().value(), config.incarnation(), nonce));
        say(hello);
        say(challenge);
        return challenge;
    }

    /** Takes the called's first message and returns the caller's proof. */
    byte[] prove(byte[] challenge, NodeId expected) throws RefusedException {
        Challenge called = read(challenge, StreamForms.CHALLENGE);
        learn(called.node(), called.incarnation(), called.nonce());
        if (!expected.equals(peer)) {
            throw new RefusedException("node: " + shown(called.node()) + " (expected: " + expected
                    + "; its address has gone to another member)");
        }
        version = called.version();
        if (version < config.versions().min() || version > config.versions().max()) {
            throw new RefusedException("version: " + version + " (expected: "
                    + config.versions().min() + ".." + config.versions().max() + ")");
        }
        say(challenge);
        return MessageWriter.write(StreamForms.PROOF, proof(CALLER, nonce, otherNonce));
    }

    /** Takes the caller's proof and returns the session. */
    Session accept(byte[] proof) throws RefusedException {
        check(proof, proof(CALLER, otherNonce, nonce));
        return session(CALLED, CALLER, otherNonce, nonce);
    }

    /** Returns the called's proof, once it has accepted the caller's. */
    byte[] proveCalled() {
        return MessageWriter.write(StreamForms.PROOF, proof(CALLED, otherNonce, nonce));
    }

    /** Takes the called's proof and returns the session. */
    Session confirm(byte[] proof) throws RefusedException {
        check(proof, proof(CALLED, nonce, otherNonce));
        return session(CALLER, CALLED, nonce, otherNonce);
    }

    private Session session(String mine, String theirs, byte[] callerNonce, byte[] calledNonce)
            throws RefusedException {
        NodeId known = peer;
        if (known == null) {
            throw new RefusedException("proof: before a node has said who it is");
        }
        return new Session(
                known,
                incarnation,
                version,
                proof("key of the " + mine, callerNonce, calledNonce),
                proof("key of the " + theirs, callerNonce, calledNonce));
    }

    private byte[] proof(String side, byte[] callerNonce, byte[] calledNonce) {
        return config.secret().proof(side, callerNonce, calledNonce, said);
    }

    private static void check(byte[] message, byte[] expected) throws RefusedException {
        if (!PeerSecret.same(read(message, StreamForms.PROOF), expected)) {
            throw new RefusedException("proof: not of the secret of this cluster (expected: the same"
                    + " registry.cluster.secret on every member)");
        }
    }

    private void learn(String node, long itsIncarnation, byte[] itsNonce) throws RefusedException {
        if (node.isEmpty() || node.length() > SHOWN_MAX || itsNonce.length != PeerSecret.NONCE_BYTES) {
            throw new RefusedException("node: " + shown(node) + " with a nonce of " + itsNonce.length
                    + " bytes (expected: an id of 1.." + SHOWN_MAX + " characters, " + PeerSecret.NONCE_BYTES
                    + " bytes)");
        }
        peer = new NodeId(node);
        incarnation = itsIncarnation;
        otherNonce = itsNonce;
    }

    /** Both sides add the same messages in the same order, each with its length before it. */
    private void say(byte[] message) {
        said = ByteBuffer.allocate(said.length + Integer.BYTES + message.length)
                .put(said)
                .putInt(message.length)
                .put(message)
                .array();
    }

    private static <T> T read(byte[] message, Form<T> form) throws RefusedException {
        try {
            return MessageReader.readKnown(ByteBuffer.wrap(message), form);
        } catch (UnknownFormException e) {
            throw new RefusedException("not a member's " + form.name() + ": " + e.getMessage());
        }
    }

    /** A stranger's word must not write lines of its own into the log. */
    static String shown(String text) {
        return shown(text, SHOWN_MAX);
    }

    static String shown(String text, int max) {
        String start = text.length() > max ? text.substring(0, max) + "..." : text;
        return start.replaceAll("[^\\x20-\\x7e]", "?");
    }
}
