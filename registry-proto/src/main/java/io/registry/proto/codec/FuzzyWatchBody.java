package io.registry.proto.codec;

import io.registry.api.model.ServiceKey;
import io.registry.proto.payload.NamingFuzzyWatchRequest;
import java.util.Set;

/** Reads the body of a request for a fuzzy watch. */
final class FuzzyWatchBody {

    private FuzzyWatchBody() {}

    static NamingFuzzyWatchRequest read(BodyParser body) throws MalformedBodyException {
        String namespace = "";
        String pattern = "";
        Set<String> received = Set.of();
        String watchType = "";
        boolean initializing = false;
        body.enterObject();
        for (String name = body.nextProperty(); name != null; name = body.nextProperty()) {
            switch (name) {
                case "namespace" -> namespace = body.string();
                case "groupKeyPattern" -> pattern = body.string();
                case "receivedGroupKeys" -> received = body.stringSet();
                case "watchType" -> watchType = body.string();
                case "initializing" -> initializing = body.bool();
                default -> body.skip();
            }
        }
        String known = namespace.isBlank() ? ServiceKey.DEFAULT_NAMESPACE : namespace;
        return new NamingFuzzyWatchRequest(known, pattern, received, watchType, initializing);
    }
}
