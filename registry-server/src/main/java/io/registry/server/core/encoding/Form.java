package io.registry.server.core.encoding;

import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * One message type of a schema, such as {@code persistent.proto}: how its fields are written, and how they are read, in
 * the order of their numbers.
 *
 * @param name the name in the schema
 * @param writer writes every field of a value
 * @param reader reads the same fields
 */
public record Form<T>(String name, BiConsumer<MessageWriter, T> writer, Function<MessageReader, T> reader) {

    void write(T value, MessageWriter out) {
        writer.accept(out, value);
    }

    T read(MessageReader in) {
        return reader.apply(in);
    }
}
