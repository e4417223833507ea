package io.registry.proto.json;

public final class ServiceInfoJson {
    private ServiceInfoJson() {}

    public static byte[] udpHead(String n, String c, long m) {
        return new byte[0];
    }

    public static byte[] tail(long t, boolean p, boolean b) {
        return new byte[0];
    }
}
