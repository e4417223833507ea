package io.registry.proto.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.registry.proto.envelope.Envelope;
import io.registry.proto.envelope.MalformedEnvelopeException;
import io.registry.proto.envelope.OutboundEnvelope;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Recorded messages, broken in many ways: each is read, or refused by the exceptions that are declared, and nothing else
 * comes out. {@code -Dfuzz.rounds} makes it longer, {@code -Dfuzz.seed} makes it another run.
 */
class FuzzTest {

    private static final int ROUNDS = Integer.getInteger("fuzz.rounds", 40_000);
    private static final long SEED = Long.getLong("fuzz.seed", 3);
    private static final byte[] ALPHABET =
            "{}[]\":,\\u0 9.eE-+truefalsn\u0000\u007f\u00ff".getBytes(StandardCharsets.ISO_8859_1);

    private int read;
    private int brokenEnvelopes;
    private int brokenBodies;
    private int unknownTypes;

    @Test
    void brokenEnvelopesAreReadOrRefused() {
        List<byte[]> messages = Recorded.all().stream()
                .map(message -> OutboundEnvelope.request(
                                message.type(),
                                Map.of("app", "unknown"),
                                "192.0.2.2",
                                message.body().getBytes(StandardCharsets.UTF_8))
                        .toBytes())
                .toList();
        Random random = new Random(SEED);
        for (int round = 0; round < ROUNDS; round++) {
            byte[] message = messages.get(random.nextInt(messages.size()));
            byte[] broken = broken(random, message);
            try {
                decode(Envelope.decode(broken));
            } catch (MalformedEnvelopeException e) {
                brokenEnvelopes++;
            } catch (RuntimeException e) {
                throw failure(round, broken, e);
            }
        }

        assertThat(List.of(read, brokenEnvelopes, brokenBodies, unknownTypes))
                .as("every end is reached")
                .allMatch(count -> count > ROUNDS / 200);
    }

    @Test
    void brokenBodiesAreReadOrRefused() {
        List<Recorded> messages = Recorded.all();
        Random random = new Random(SEED + 1);
        for (int round = 0; round < ROUNDS; round++) {
            Recorded message = messages.get(random.nextInt(messages.size()));
            byte[] broken = broken(random, message.body().getBytes(StandardCharsets.UTF_8));
            try {
                decode(Recorded.envelope(message.type(), broken));
            } catch (RuntimeException e) {
                throw failure(round, broken, e);
            }
        }

        assertThat(List.of(read, brokenBodies)).as("every end is reached").allMatch(count -> count > ROUNDS / 200);
    }

    private void decode(Envelope envelope) {
        try {
            if (PayloadTypes.kindOf(envelope.type()) == PayloadTypes.Kind.ACK) {
                PayloadDecoder.decodeAck(envelope);
            } else {
                PayloadDecoder.decode(envelope);
            }
            read++;
        } catch (MalformedBodyException e) {
            brokenBodies++;
        } catch (UnknownTypeException e) {
            unknownTypes++;
        }
    }

    private static AssertionError failure(int round, byte[] broken, RuntimeException e) {
        return new AssertionError("seed " + SEED + " round " + round + ": " + Arrays.toString(broken), e);
    }

    /** Does one to four of: cut, overwrite, insert, remove, repeat a stretch. */
    private static byte[] broken(Random random, byte[] message) {
        byte[] broken = message.clone();
        int times = 1 + random.nextInt(4);
        for (int i = 0; i < times && broken.length > 1; i++) {
            int at = random.nextInt(broken.length);
            int stretch = Math.min(1 + random.nextInt(16), broken.length - at);
            byte[] end = Arrays.copyOfRange(broken, at, broken.length);
            switch (random.nextInt(6)) {
                case 0 -> broken = Arrays.copyOf(broken, at);
                case 1 -> broken[at] = (byte) random.nextInt();
                case 2 -> broken[at] = ALPHABET[random.nextInt(ALPHABET.length)];
                case 3 -> {
                    broken = Arrays.copyOf(broken, broken.length + 1);
                    broken[at] = ALPHABET[random.nextInt(ALPHABET.length)];
                    System.arraycopy(end, 0, broken, at + 1, end.length);
                }
                case 4 -> {
                    System.arraycopy(end, stretch, broken, at, end.length - stretch);
                    broken = Arrays.copyOf(broken, broken.length - stretch);
                }
                default -> {
                    broken = Arrays.copyOf(broken, broken.length + stretch);
                    System.arraycopy(end, 0, broken, at + stretch, end.length);
                }
            }
        }
        return broken;
    }
}
