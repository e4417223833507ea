package io.registry.server.boot;

import io.registry.server.grpc.SdkRehearsal;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Has a node that was just started serve a few requests of its own, so that a class archive which is made of this
 * process holds what the first clients will need.
 */
final class Rehearsal {

    private static final int PATIENCE_SECONDS = 20;
    private static final int TIMES = 20;

    /** What scripts, old clients and Prometheus ask for. */
    private static final List<String> CALLS = List.of(
            "GET /nacos/actuator/health/readiness",
            "GET /nacos/actuator/health/liveness",
            "POST /nacos/v1/ns/instance?serviceName=rehearsal-http&ip=192.0.2.1&port=1",
            "PUT /nacos/v1/ns/instance/beat?serviceName=rehearsal-http&ip=192.0.2.1&port=1",
            "GET /nacos/v1/ns/instance/list?serviceName=rehearsal-http",
            "GET /nacos/v2/ns/instance/list?serviceName=rehearsal-http",
            "GET /nacos/v3/client/ns/instance/list?serviceName=rehearsal-http",
            "GET /nacos/v1/ns/service/list?pageNo=1&pageSize=10",
            "GET /nacos/v1/ns/service/names",
            "DELETE /nacos/v1/ns/instance?serviceName=rehearsal-http&ip=192.0.2.1&port=1",
            "POST /nacos/v1/ns/instance?serviceName=rehearsal-kept&ip=192.0.2.2&port=1&ephemeral=false",
            "DELETE /nacos/v1/ns/instance?serviceName=rehearsal-kept&ip=192.0.2.2&port=1&ephemeral=false",
            "GET /nacos/v1/console/server/state",
            "GET /nacos/actuator/prometheus");

    private final InetAddress address;
    private final int httpPort;
    private final int sdkPort;

    Rehearsal(InetAddress address, int httpPort, int sdkPort) {
        this.address = address;
        this.httpPort = httpPort;
        this.sdkPort = sdkPort;
    }

    /** Plays all parts; an answer that is not what a client would expect ends it. */
    void run() throws IOException, InterruptedException {
        for (int i = 0; i < TIMES; i++) {
            for (String call : CALLS) {
                call(call);
            }
        }
        SdkRehearsal.play(address, sdkPort);
    }

    private void call(String call) throws IOException {
        try (Socket socket = new Socket(address, httpPort)) {
            socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
            String request = call + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!answer.startsWith("HTTP/1.1 200")) {
                throw new IOException(call + " was answered with: " + answer);
            }
        }
    }
}
