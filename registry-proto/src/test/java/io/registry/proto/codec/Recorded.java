package io.registry.proto.codec;

import io.registry.proto.envelope.Envelope;
import io.registry.proto.envelope.MalformedEnvelopeException;
import io.registry.proto.envelope.OutboundEnvelope;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/** One recorded message. */
record Recorded(String type, String body) {

    static List<Recorded> all() {
        try (InputStream file = Objects.requireNonNull(Recorded.class.getResourceAsStream("recorded.txt"));
                BufferedReader reader = new BufferedReader(new InputStreamReader(file, StandardCharsets.UTF_8))) {
            return reader.lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line ->
                            new Recorded(line.substring(0, line.indexOf(' ')), line.substring(line.indexOf(' ') + 1)))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Envelope envelope(String type, String body) {
        return envelope(type, body.getBytes(StandardCharsets.UTF_8));
    }

    static Envelope envelope(String type, byte[] body) {
        try {
            return Envelope.decode(OutboundEnvelope.answer(type, body).toBytes());
        } catch (MalformedEnvelopeException e) {
            throw new AssertionError(e);
        }
    }

    Envelope envelope() {
        return envelope(type, body);
    }
}
