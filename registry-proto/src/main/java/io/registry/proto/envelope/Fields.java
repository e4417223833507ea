package io.registry.proto.envelope;

/**
 * The fields of the protocol's messages. {@code Payload} holds metadata and body; {@code Metadata} holds type, headers
 * and the sender's address; the body is an {@code Any} of which only the value is ever set.
 */
final class Fields {

    static final int VARINT = 0;
    static final int FIXED_64 = 1;
    static final int LENGTH_DELIMITED = 2;
    static final int FIXED_32 = 5;

    static final int PAYLOAD_METADATA = 2;
    static final int PAYLOAD_BODY = 3;
    static final int METADATA_TYPE = 3;
    static final int METADATA_HEADERS = 7;
    static final int METADATA_CLIENT_IP = 8;
    static final int ANY_VALUE = 2;
    static final int ENTRY_KEY = 1;
    static final int ENTRY_VALUE = 2;

    private Fields() {}
}
