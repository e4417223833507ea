package io.registry.server.flight;

import io.registry.server.core.encoding.Form;
import io.registry.server.core.encoding.MessageReader;
import io.registry.server.core.encoding.UnknownFormException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of an entry, as {@code flight.proto} describes them, in their frame: the length of the content and a checksum
 * of all that follows, four bytes each, number and time, eight bytes each, and the content; big-endian.
 *
 * <p>Written into one array that is used again and again: an entry is written for each registration, which costs little
 * more itself.
 *
 * <p><b>Threading</b>: one thread to write, any to read.
 */
final class EntryForm {

    /** What a frame adds. */
    static final int FRAME = 24;

    private static final int SUMMED = 8;

    /** The longest name that is kept whole, in UTF-16 units. */
    private static final int TEXT_MAX = 512;

    /** The longest detail. */
    private static final int DETAIL_MAX = 2_048;

    private static final int VARINT = 0;
    private static final int DELIMITED = 2;

    /** Read only; number and time are in the frame. */
    private static final Form<FlightEntry> FORM = new Form<>("Entry", (out, entry) -> {}, EntryForm::read);

    private final CRC32C sum = new CRC32C();
    private final byte[] bytes;
    private int at;

    /** Writes into an array, which has to have room for a frame of 64 KB at each place that is written to. */
    EntryForm(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * Writes an entry in its frame; what is too long in it is cut off.
     *
     * @param start where the frame begins
     * @return its length, at most 64 KB
     */
    int frame(FlightEntry entry, long number, int start) {
        at = start + FRAME;
        content(entry);
        ByteBuffer frame = ByteBuffer.wrap(bytes);
        frame.putInt(start, at - start - FRAME);
        frame.putLong(start + 8, number);
        frame.putLong(start + 16, entry.atMillis());
        sum.reset();
        sum.update(bytes, start + SUMMED, at - start - SUMMED);
        frame.putInt(start + 4, (int) sum.getValue());
        return at - start;
    }

    private void content(FlightEntry entry) {
        number(1, entry.kind().number());
        text(2, entry.namespace(), TEXT_MAX);
        text(3, entry.group(), TEXT_MAX);
        text(4, entry.service(), TEXT_MAX);
        text(5, entry.ip(), TEXT_MAX);
        number(6, entry.port());
        text(7, entry.cluster(), TEXT_MAX);
        text(8, entry.client(), TEXT_MAX);
        text(9, entry.node(), TEXT_MAX);
        text(10, entry.via(), TEXT_MAX);
        text(11, entry.protocol(), TEXT_MAX);
        text(12, entry.address(), TEXT_MAX);
        text(13, entry.user(), TEXT_MAX);
        text(14, entry.cause(), TEXT_MAX);
        text(15, entry.detail(), DETAIL_MAX);
        number(16, entry.count());
    }

    private void number(int field, long value) {
        if (value != 0) {
            varint(field << 3 | VARINT);
            varint(value);
        }
    }

    private void text(int field, String text, int max) {
        int length = text.length();
        if (length == 0) {
            return;
        }
        varint(field << 3 | DELIMITED);
        int before = at;
        if (length <= max) {
            varint(length);
            int to = at;
            for (int i = 0; i < length; i++) {
                char each = text.charAt(i);
                if (each >= 0x80) {
                    // Some character of more than one byte: seldom, and written anew.
                    at = before;
                    encoded(text);
                    return;
                }
                bytes[to++] = (byte) each;
            }
            at = to;
        } else {
            // Not between the halves of one character.
            encoded(text.substring(0, Character.isHighSurrogate(text.charAt(max - 1)) ? max - 1 : max));
        }
    }

    private void encoded(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        varint(utf8.length);
        System.arraycopy(utf8, 0, bytes, at, utf8.length);
        at += utf8.length;
    }

    private void varint(long value) {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            bytes[at++] = (byte) (rest & 0x7F | 0x80);
            rest >>>= 7;
        }
        bytes[at++] = (byte) rest;
    }

    /**
     * Returns the length of the frame that begins at a place, or 0 where none does that is whole.
     *
     * @param limit where the bytes end
     */
    static int length(ByteBuffer bytes, int at, int limit) {
        if (limit - at < FRAME) {
            return 0;
        }
        int content = bytes.getInt(at);
        if (content <= 0 || content > limit - at - FRAME) {
            return 0;
        }
        CRC32C sum = new CRC32C();
        sum.update(bytes.slice(at + SUMMED, FRAME + content - SUMMED));
        return (int) sum.getValue() == bytes.getInt(at + 4) ? FRAME + content : 0;
    }

    /** Returns the number of the frame at a place. */
    static long number(ByteBuffer bytes, int at) {
        return bytes.getLong(at + 8);
    }

    /** Returns the time of the frame at a place. */
    static long atMillis(ByteBuffer bytes, int at) {
        return bytes.getLong(at + 16);
    }

    /** Returns the entry in the frame at a place; null where it is none that this version reads. */
    static @Nullable FlightEntry entry(ByteBuffer bytes, int at, int length) {
        try {
            return MessageReader.readKnown(bytes.slice(at + FRAME, length - FRAME), FORM)
                    .kept(number(bytes, at), atMillis(bytes, at));
        } catch (UnknownFormException e) {
            return null;
        }
    }

    private static FlightEntry read(MessageReader in) {
        return new FlightEntry(
                0,
                0,
                FlightEntry.Kind.of(in.whole(1)),
                in.text(2),
                in.text(3),
                in.text(4),
                in.text(5),
                in.whole(6),
                in.text(7),
                in.text(8),
                in.text(9),
                in.text(10),
                in.text(11),
                in.text(12),
                in.text(13),
                in.text(14),
                in.text(15),
                in.number(16));
    }
}
