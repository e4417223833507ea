package io.registry.proto.envelope;

import io.grpc.Drainable;
import io.grpc.KnownLength;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Objects;

/** A message as gRPC wants it: gRPC asks for the length, then lets each part be written straight into its frame. */
final class PartsStream extends InputStream implements Drainable, KnownLength {

    private final List<byte[]> parts;
    private byte[] current;
    private int position;
    private int nextPart;
    private int remaining;

    PartsStream(byte[] head, List<byte[]> parts, int size) {
        this.current = head;
        this.parts = parts;
        this.remaining = size;
    }

    @Override
    public int drainTo(OutputStream target) throws IOException {
        int drained = remaining;
        while (advance()) {
            int length = current.length - position;
            target.write(current, position, length);
            position += length;
            remaining -= length;
        }
        return drained;
    }

    @Override
    public int available() {
        return remaining;
    }

    @Override
    public int read() {
        if (!advance()) {
            return -1;
        }
        remaining--;
        return current[position++] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, target.length);
        if (length == 0) {
            return 0;
        }
        if (!advance()) {
            return -1;
        }
        int count = Math.min(length, current.length - position);
        System.arraycopy(current, position, target, offset, count);
        position += count;
        remaining -= count;
        return count;
    }

    /** Moves on to the next part that has bytes left; false at the end. */
    private boolean advance() {
        while (position == current.length) {
            if (nextPart == parts.size()) {
                return false;
            }
            current = parts.get(nextPart++);
            position = 0;
        }
        return true;
    }
}
