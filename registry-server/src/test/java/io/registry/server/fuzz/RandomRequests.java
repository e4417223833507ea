package io.registry.server.fuzz;

import io.registry.server.testkit.Administrator;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;

/**
 * Makes requests from a seed: known and unknown paths and methods, every parameter of the protocol with values that
 * fit, nearly fit, or do not fit at all, in the query, in a form, or in a body of another kind.
 */
final class RandomRequests {

    private static final List<String> METHODS = List.of(
            "GET", "GET", "GET", "POST", "POST", "PUT", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE", "FOO",
            "get");

    private static final List<String> PARAMETERS = List.of(
            "serviceName groupName namespaceId ip port weight clusterName cluster clusters enabled enable healthy ephemeral"
                    .split(" "));

    private static final List<String> RARE_PARAMETERS = List.of(
            ("metadata instances beat consistencyType key pageNo pageSize expr selector protectThreshold healthyOnly udpPort"
                            + " clientIP healthChecker checkPort useInstancePort4Check valid onlyStatus clientId debug"
                            + " heartBeat hasIpCount withInstances serviceNameParam groupNameParam customNamespaceId"
                            + " namespaceName namespaceDesc namespace namespaceShowName show checkNamespaceIdExist"
                            + " aggregation app encoding state keyword address logName logLevel username password"
                            + " accessToken nofix ignoreEmptyService enabledOnly")
                    .split(" "));

    /** Switches that the run may turn; the others would close the node, which is not what is asked here. */
    private static final List<String> SWITCHES = List.of(
            "pushCacheMillis", "defaultCacheMillis", "clientBeatInterval", "pushVersion", "httpHealthParams", "nosuch");

    private static final List<String> HOSTILE = List.of(
            "",
            " ",
            "null",
            "true",
            "maybe",
            "-1",
            "0",
            "65536",
            "99999999999999999999",
            "1e999",
            "NaN",
            "Infinity",
            "@@",
            "a@@",
            "@@b",
            "a@@b@@c",
            "(a+)+$",
            "*",
            "../../etc/passwd",
            "<script>",
            "{",
            "[",
            "{}",
            "[]",
            "[{}]",
            "[null]",
            "[[[[[[[[",
            "{\"a\":{\"b\":1}}",
            "{\"a\":null}",
            "{\"ip\":1,\"port\":\"x\"}",
            "{\"ip\":\"10.0.0.1\",\"port\":80,\"ephemeral\":false}",
            "{\"type\":\"BOGUS\"}",
            "{\"type\":\"label\",\"expression\":\"CONSUMER.label.\"}",
            "a=1,b",
            "=,=,=",
            "\u0000",
            "\r\nX: y",
            "\u4e2d\u6587",
            "\ud83d\ude00",
            "%",
            "%zz",
            "+",
            "UTF-16",
            "no-such-charset");

    private static final List<String> MALFORMED =
            List.of("%", "%z", "%zz", "%4", "%c0%af", "%ff%fe", "%00", "&&=&", "=");

    private final Random random;
    private final List<String> paths;

    RandomRequests(long seed, List<String> paths) {
        this.random = new Random(seed);
        this.paths = paths;
    }

    /** A request: the head up to the empty line, and the body. */
    record Request(String head, String body) {

        byte[] headBytes() {
            return head.getBytes(StandardCharsets.UTF_8);
        }

        byte[] bodyBytes() {
            return body.getBytes(StandardCharsets.UTF_8);
        }
    }

    Request next() {
        String query = chance(80) ? parameters() : "";
        String body = chance(35) ? body() : "";
        StringBuilder head = new StringBuilder();
        head.append(oneOf(METHODS)).append(' ').append(path());
        if (!query.isEmpty()) {
            head.append('?').append(query);
        }
        head.append(" HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n");
        // Half of them come to the checks behind the door.
        if (random.nextBoolean()) {
            head.append("Authorization: ").append(Administrator.AUTHORIZATION).append("\r\n");
        }
        head.append("User-Agent: ")
                .append(chance(90) ? "fuzz/1" : "Nacos-Server:v2.5.1")
                .append("\r\n");
        if (!body.isEmpty() || chance(10)) {
            head.append("Content-Length: ")
                    .append(body.getBytes(StandardCharsets.UTF_8).length)
                    .append("\r\nContent-Type: ")
                    .append(contentType())
                    .append("\r\n");
        }
        return new Request(head.append("\r\n").toString(), body);
    }

    private String path() {
        String path = oneOf(paths);
        if (chance(90)) {
            return path;
        }
        return switch (random.nextInt(7)) {
            case 0 -> path + "/";
            case 1 -> path + "/nosuch";
            case 2 -> path.replaceFirst("/v", "//v");
            case 3 -> path + ";x=y";
            case 4 -> path + "%2f..";
            case 5 -> path + "/" + oneOf(MALFORMED);
            default -> "/nacos/v" + random.nextInt(5) + "/ns/" + Long.toString(random.nextLong(), 36);
        };
    }

    private String contentType() {
        return switch (random.nextInt(6)) {
            case 0 -> "application/json";
            case 1 -> "text/plain";
            case 2 -> "multipart/form-data; boundary=x";
            case 3 -> "application/x-www-form-urlencoded; charset=no-such";
            default -> "application/x-www-form-urlencoded;charset=UTF-8";
        };
    }

    private String body() {
        return switch (random.nextInt(4)) {
            case 0 -> oneOf(HOSTILE).repeat(1 + random.nextInt(50));
            case 1 -> "[".repeat(1 + random.nextInt(5000));
            default -> parameters();
        };
    }

    private String parameters() {
        StringBuilder text = new StringBuilder();
        for (String name : PARAMETERS) {
            if (chance(60)) {
                append(text, name);
            }
        }
        for (int i = random.nextInt(5); i > 0; i--) {
            append(text, oneOf(RARE_PARAMETERS));
        }
        if (chance(20)) {
            text.append("&entry=").append(oneOf(SWITCHES));
            append(text, "value");
        }
        if (chance(5)) {
            text.append('&').append(oneOf(MALFORMED));
        }
        return text.length() > 0 ? text.substring(1) : "";
    }

    private void append(StringBuilder text, String name) {
        text.append('&').append(name).append('=');
        if (chance(2)) {
            text.append(oneOf(MALFORMED));
        } else {
            text.append(URLEncoder.encode(chance(80) ? fitting(name) : any(), StandardCharsets.UTF_8));
        }
    }

    /** Returns a value that the parameter may well have. */
    private String fitting(String name) {
        return switch (name) {
            case "serviceName", "serviceNameParam" -> "fuzz-" + random.nextInt(30);
            case "groupName", "groupNameParam" -> "g" + random.nextInt(3);
            case "namespaceId", "customNamespaceId", "namespace" -> "ns" + random.nextInt(3);
            case "ip", "clientIP" -> "10.99." + random.nextInt(3) + "." + random.nextInt(20);
            case "port", "checkPort", "udpPort" -> Integer.toString(random.nextInt(70_000));
            case "weight" -> Double.toString(random.nextInt(11_000));
            case "clusterName", "cluster", "clusters" -> "c" + random.nextInt(3);
            case "metadata" -> "{\"k" + random.nextInt(5) + "\":\"" + "v".repeat(random.nextInt(200)) + "\"}";
            case "beat" -> "{\"ip\":\"10.99.0.1\",\"port\":80,\"serviceName\":\"fuzz-beat\",\"weight\":1}";
            case "instances" -> "[{\"ip\":\"10.99.0.1\",\"port\":80,\"clusterName\":\"c1\"}]";
            case "key" -> "g1@@fuzz-" + random.nextInt(30);
            case "healthChecker" -> "{\"type\":\"TCP\"}";
            case "selector" -> "{\"type\":\"none\"}";
            case "protectThreshold" -> "0.5";
            case "pageNo", "pageSize" -> Integer.toString(random.nextInt(20));
            case "clientId" -> "10.99.0.1:80#true";
            case "value" -> Integer.toString(random.nextInt(20_000));
            default -> random.nextBoolean() ? "true" : "false";
        };
    }

    private String any() {
        return switch (random.nextInt(8)) {
            case 0 -> "x".repeat(random.nextInt(3_000));
            case 1 -> Long.toString(random.nextLong());
            case 2 -> {
                StringBuilder text = new StringBuilder();
                for (int i = random.nextInt(40); i > 0; i--) {
                    text.append((char) random.nextInt(0xd800));
                }
                yield text.toString();
            }
            case 3 -> "[".repeat(500);
            case 4 -> "{\"a\":".repeat(300);
            default -> oneOf(HOSTILE);
        };
    }

    private String oneOf(List<String> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    private boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }
}
