package io.registry.server.testkit;

import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** The administrator of every server that tests start: the one place where calls get what they log in with. */
public final class Administrator {

    /** The password. */
    public static final String PASSWORD = "a password of the tests";

    /** The option that gives servers this password. */
    static final String OPTION = "--registry.access.admin-password=";

    /** What calls say in the header {@code Authorization}. */
    public static final String AUTHORIZATION =
            "Basic " + Base64.getEncoder().encodeToString(("nacos:" + PASSWORD).getBytes(StandardCharsets.UTF_8));

    private Administrator() {}

    /** Begins a request of the administrator. */
    public static HttpRequest.Builder request(URI uri) {
        return HttpRequest.newBuilder(uri).header("Authorization", AUTHORIZATION);
    }
}
