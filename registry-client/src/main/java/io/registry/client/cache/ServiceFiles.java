package io.registry.client.cache;

import io.registry.api.model.ServiceKey;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** How files are named after services: the grouped name, with everything encoded that a file's name may not hold. */
final class ServiceFiles {

    /** Most file systems take 255 bytes, of which some are left for endings. */
    private static final int NAME_MAX = 200;

    private ServiceFiles() {}

    static String name(ServiceKey service) {
        String encoded =
                URLEncoder.encode(service.groupedName(), StandardCharsets.UTF_8).replace("*", "%2A");
        if (encoded.length() <= NAME_MAX && !encoded.startsWith(".")) {
            return encoded;
        }
        String start = encoded.replace(".", "%2E");
        return start.substring(0, Math.min(start.length(), NAME_MAX - 20)) + "~"
                + Integer.toHexString(service.groupedName().hashCode()) + "-" + encoded.length();
    }
}
