package io.registry.server.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.registry.distro.model.NodeId;
import io.registry.server.core.encoding.MessageWriter;
import io.registry.server.peer.PeerConfig.Versions;
import io.registry.server.secret.PeerSecret;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** How two nodes prove themselves, and how their frames are sealed; and what the one says whom the other refuses. */
class HandshakeTest {

    private static final PeerSecret SECRET = new PeerSecret("registry", "0123456789abcdef");
    private static final NodeId TWO = new NodeId("two");

    private final Handshake caller = new Handshake(config("one", 3, SECRET, Versions.CURRENT));
    private final Handshake called = new Handshake(config("two", 5, SECRET, Versions.CURRENT));

    @Test
    void bothLearnWhoTheOtherIs() throws RefusedException {
        Session[] sessions = shake(caller, called);

        assertThat(sessions[0].peer()).isEqualTo(TWO);
        assertThat(sessions[0].incarnation()).isEqualTo(5);
        assertThat(sessions[0].version()).isEqualTo(1);
        assertThat(sessions[1].peer()).isEqualTo(new NodeId("one"));
        assertThat(sessions[1].incarnation()).isEqualTo(3);
        assertThat(sessions[1].version()).isEqualTo(1);
    }

    @Test
    void theNewestVersionThatBothKnowIsSpoken() throws RefusedException {
        Session[] sessions = shake(
                new Handshake(config("one", 1, SECRET, new Versions(2, 4))),
                new Handshake(config("two", 1, SECRET, new Versions(1, 3))));

        assertThat(sessions[0].version()).isEqualTo(3);
        assertThat(sessions[1].version()).isEqualTo(3);
    }

    @Test
    void withoutAVersionThatBothKnowNothingIsSpoken() {
        Handshake newer = new Handshake(config("one", 1, SECRET, new Versions(2, 3)));

        assertThatThrownBy(() -> called.challenge(newer.hello()))
                .isInstanceOf(RefusedException.class)
                .hasMessage("versions: 2..3 (expected: one of 1..1)");
    }

    @Test
    void anotherClusterIsNamed() {
        Handshake other = new Handshake(config("one", 1, new PeerSecret("a\nb", SECRET.secret()), Versions.CURRENT));

        assertThatThrownBy(() -> called.challenge(other.hello()))
                .isInstanceOf(RefusedException.class)
                .hasMessage("registry.cluster.name: a?b (expected: registry)");
    }

    @Test
    void aNodeDoesNotSpeakWithItself() {
        Handshake self = new Handshake(config("two", 1, SECRET, Versions.CURRENT));

        assertThatThrownBy(() -> called.challenge(self.hello()))
                .isInstanceOf(RefusedException.class)
                .hasMessageStartingWith("node: two, which is the one that was called");
    }

    @Test
    void anotherNodeThanTheOneThatWasCalledIsRefused() throws RefusedException {
        byte[] challenge = called.challenge(caller.hello());

        assertThatThrownBy(() -> caller.prove(challenge, new NodeId("three")))
                .isInstanceOf(RefusedException.class)
                .hasMessage("node: two (expected: three; its address has gone to another member)");
    }

    @Test
    void aCallerWithoutTheSecretIsRefused() throws RefusedException {
        Handshake stranger =
                new Handshake(config("one", 1, new PeerSecret("registry", "fedcba9876543210"), Versions.CURRENT));
        byte[] proof = stranger.prove(called.challenge(stranger.hello()), TWO);

        assertThatThrownBy(() -> called.accept(proof))
                .isInstanceOf(RefusedException.class)
                .hasMessageStartingWith("proof: not of the secret of this cluster");
    }

    /** Who answers at the address of a member learns nothing of the secret, and is not taken for it. */
    @Test
    void aCalledWithoutTheSecretIsRefused() throws RefusedException {
        Handshake stranger =
                new Handshake(config("two", 1, new PeerSecret("registry", "fedcba9876543210"), Versions.CURRENT));
        caller.prove(stranger.challenge(caller.hello()), TWO);

        assertThatThrownBy(() -> caller.confirm(stranger.proveCalled())).isInstanceOf(RefusedException.class);
    }

    @Test
    void aProofHoldsForItsOwnConnectionOnly() throws RefusedException {
        byte[] hello = caller.hello();
        byte[] proof = caller.prove(called.challenge(hello), TWO);
        Handshake again = new Handshake(config("two", 5, SECRET, Versions.CURRENT));
        again.challenge(hello);

        assertThatThrownBy(() -> again.accept(proof)).isInstanceOf(RefusedException.class);
    }

    /** A proof that comes back as it went is none. */
    @Test
    void theProofOfTheCallerIsNotThatOfTheCalled() throws RefusedException {
        byte[] proof = caller.prove(called.challenge(caller.hello()), TWO);

        assertThatThrownBy(() -> caller.confirm(proof)).isInstanceOf(RefusedException.class);
    }

    @Test
    void whatWasChangedBetweenThemIsNoticed() throws RefusedException {
        byte[] hello = MessageWriter.write(
                StreamForms.HELLO, new StreamForms.Hello(1, 1, "registry", "one", 99, new byte[16]));
        Handshake honest = new Handshake(config("one", 3, SECRET, Versions.CURRENT));
        honest.hello();
        byte[] challenge = called.challenge(hello);

        byte[] proof = honest.prove(challenge, TWO);

        assertThatThrownBy(() -> called.accept(proof)).isInstanceOf(RefusedException.class);
    }

    @Test
    void nonsenseIsRefused() {
        Random random = new Random(1);
        for (int i = 0; i < 1_000; i++) {
            byte[] nonsense = new byte[random.nextInt(100)];
            random.nextBytes(nonsense);

            assertThatThrownBy(() -> new Handshake(config("two", 1, SECRET, Versions.CURRENT)).challenge(nonsense))
                    .isInstanceOf(RefusedException.class);
        }
    }

    @Test
    void framesComeThroughInTheirOrderOnly() throws RefusedException {
        Session[] sessions = shake(caller, called);
        byte[] first = frame(sessions[0], "first");
        byte[] second = frame(sessions[0], "second");

        assertThat(sessions[1].open(first)).isEqualTo(Session.CALL);
        assertThat(sessions[1].open(second)).isEqualTo(Session.CALL);
        assertThatThrownBy(() -> sessions[1].open(second)).isInstanceOf(RefusedException.class);
    }

    @Test
    void aFrameThatIsMissingIsNoticed() throws RefusedException {
        Session[] sessions = shake(caller, called);
        frame(sessions[0], "first");
        byte[] second = frame(sessions[0], "second");

        assertThatThrownBy(() -> sessions[1].open(second))
                .isInstanceOf(RefusedException.class)
                .hasMessage("frame: changed on its way, or one is missing before it");
    }

    @Test
    void everyBitOfAFrameIsSealed() throws RefusedException {
        byte[] frame = frame(shake(caller, called)[0], "text");
        for (int bit = 0; bit < frame.length * 8; bit++) {
            Session[] sessions = shake(
                    new Handshake(config("one", 3, SECRET, Versions.CURRENT)),
                    new Handshake(config("two", 5, SECRET, Versions.CURRENT)));
            byte[] changed = frame(sessions[0], "text");
            changed[bit / 8] ^= (byte) (1 << (bit % 8));

            assertThatThrownBy(() -> sessions[1].open(changed)).isInstanceOf(RefusedException.class);
        }
    }

    @Test
    void aFrameThatIsCutOffIsRefused() throws RefusedException {
        Session[] sessions = shake(caller, called);
        byte[] frame = frame(sessions[0], "text");

        assertThatThrownBy(() -> sessions[1].open(Arrays.copyOf(frame, Session.EXTRA_BYTES - 1)))
                .isInstanceOf(RefusedException.class)
                .hasMessage("frame: 32 bytes (expected: at least 33)");
    }

    /** A frame that goes out does not count as one that has come in. */
    @Test
    void aFrameDoesNotGoBack() throws RefusedException {
        Session[] sessions = shake(caller, called);
        byte[] frame = frame(sessions[0], "text");

        assertThatThrownBy(() -> sessions[0].open(frame)).isInstanceOf(RefusedException.class);
    }

    private static Session[] shake(Handshake caller, Handshake called) throws RefusedException {
        byte[] challenge = called.challenge(caller.hello());
        Session ofCalled = called.accept(caller.prove(challenge, TWO));
        return new Session[] {caller.confirm(called.proveCalled()), ofCalled};
    }

    private static byte[] frame(Session session, String text) {
        return session.frame(
                Session.CALL, StreamForms.CALL, new StreamForms.Call(1, text.getBytes(StandardCharsets.UTF_8)));
    }

    private static PeerConfig config(String id, long incarnation, PeerSecret secret, Versions versions) {
        return new PeerConfig(
                new NodeId(id),
                incarnation,
                secret,
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                versions,
                PeerConfig.Limits.DEFAULTS);
    }
}
