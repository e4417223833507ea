package io.registry.server.core.encoding;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.ratis.thirdparty.com.google.protobuf.DescriptorProtos.DescriptorProto;
import org.apache.ratis.thirdparty.com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import org.apache.ratis.thirdparty.com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import org.apache.ratis.thirdparty.com.google.protobuf.Descriptors;
import org.apache.ratis.thirdparty.com.google.protobuf.Message;

/**
 * Reads the schema as it is written down, as far as it uses the language: messages, fields, one level of oneof, and
 * messages of another file by their full names.
 */
public final class SchemaText {

    private static final Path DIRECTORY = Path.of("src/main/proto");
    private static final Pattern FIELD = Pattern.compile("(?:(repeated|optional) )?([\\w.]+) (\\w+) = (\\d+);");

    private static final Pattern IMPORT = Pattern.compile("import \"(.+)\";");

    private SchemaText() {}

    /** Reads a file of the schema. */
    public static Descriptors.FileDescriptor read(String name) {
        FileDescriptorProto.Builder file =
                FileDescriptorProto.newBuilder().setName(name).setSyntax("proto3");
        List<Descriptors.FileDescriptor> imported = new ArrayList<>();
        DescriptorProto.Builder message = null;
        boolean choice = false;
        for (String line : lines(name)) {
            Matcher field = FIELD.matcher(line);
            Matcher other = IMPORT.matcher(line);
            if (other.matches()) {
                imported.add(read(other.group(1)));
                file.addDependency(other.group(1));
            } else if (line.startsWith("package ")) {
                file.setPackage(line.replaceAll("package (.+);", "$1"));
            } else if (line.startsWith("message ")) {
                message = file.addMessageTypeBuilder().setName(line.replaceAll("\\w+ (\\w+) .*", "$1"));
            } else if (line.startsWith("oneof ")) {
                message.addOneofDeclBuilder().setName(line.replaceAll("\\w+ (\\w+) .*", "$1"));
                choice = true;
            } else if (line.equals("}")) {
                choice = false;
            } else if (field.matches()) {
                FieldDescriptorProto.Builder added = message.addFieldBuilder()
                        .setName(field.group(3))
                        .setNumber(Integer.parseInt(field.group(4)))
                        .setLabel(
                                "repeated".equals(field.group(1))
                                        ? FieldDescriptorProto.Label.LABEL_REPEATED
                                        : FieldDescriptorProto.Label.LABEL_OPTIONAL);
                type(added, field.group(2));
                if (choice) {
                    added.setOneofIndex(0);
                } else if ("optional".equals(field.group(1))) {
                    added.setProto3Optional(true).setOneofIndex(message.getOneofDeclCount());
                    message.addOneofDeclBuilder().setName("_" + field.group(3));
                }
            } else {
                throw new AssertionError("not understood: " + line);
            }
        }
        try {
            return Descriptors.FileDescriptor.buildFrom(
                    file.build(), imported.toArray(Descriptors.FileDescriptor[]::new));
        } catch (Descriptors.DescriptorValidationException e) {
            throw new AssertionError(e);
        }
    }

    /** Objects to a field that the schema does not have, in a message or in one within it. */
    public static void assertNothingUnknown(Message message) {
        assertThat(message.getUnknownFields().asMap()).isEmpty();
        for (Object value : message.getAllFields().values()) {
            for (Object each : value instanceof List<?> list ? list : List.of(value)) {
                if (each instanceof Message inner) {
                    assertNothingUnknown(inner);
                }
            }
        }
    }

    private static Iterable<String> lines(String name) {
        try {
            return Files.readAllLines(DIRECTORY.resolve(name)).stream()
                    .map(line -> line.replaceAll("//.*", "").trim())
                    .filter(line -> !line.isEmpty() && !line.startsWith("syntax "))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void type(FieldDescriptorProto.Builder field, String name) {
        switch (name) {
            case "string" -> field.setType(FieldDescriptorProto.Type.TYPE_STRING);
            case "bool" -> field.setType(FieldDescriptorProto.Type.TYPE_BOOL);
            case "double" -> field.setType(FieldDescriptorProto.Type.TYPE_DOUBLE);
            case "int32" -> field.setType(FieldDescriptorProto.Type.TYPE_INT32);
            case "int64" -> field.setType(FieldDescriptorProto.Type.TYPE_INT64);
            case "uint32" -> field.setType(FieldDescriptorProto.Type.TYPE_UINT32);
            case "uint64" -> field.setType(FieldDescriptorProto.Type.TYPE_UINT64);
            case "fixed64" -> field.setType(FieldDescriptorProto.Type.TYPE_FIXED64);
            case "bytes" -> field.setType(FieldDescriptorProto.Type.TYPE_BYTES);
            default -> field.setTypeName(name);
        }
    }
}
