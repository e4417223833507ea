package io.registry.proto.payload;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a server says on the stream. */
public sealed interface ServerPush {

    /** Returns what the acknowledgement repeats; null where the server sent none. */
    @Nullable
    String requestId();

    /** Calls the method of the handler that is for this kind of push. */
    void accept(Handler handler);

    /** One method for each kind of push. */
    interface Handler {

        /** The server can do this. */
        void setupAck(SetupAck push);

        /** Is the client there. */
        void clientDetection(ClientDetection push);

        /** The client shall leave. */
        void connectReset(ConnectReset push);

        /** A service is this now. */
        void notifySubscriber(NotifySubscriber push);

        /** These services match. */
        void fuzzyWatch(FuzzyWatch push);
    }

    /**
     * Ends the set-up.
     *
     * @param requestId null with the servers known
     * @param abilities what the server can do; unmodifiable
     */
    record SetupAck(@Nullable String requestId, Map<String, Boolean> abilities) implements ServerPush {
        @Override
        public void accept(Handler handler) {
            handler.setupAck(this);
        }
    }

    /**
     * Asks for a sign of life.
     *
     * @param requestId what the acknowledgement repeats
     */
    record ClientDetection(@Nullable String requestId) implements ServerPush {
        @Override
        public void accept(Handler handler) {
            handler.clientDetection(this);
        }
    }

    /**
     * Sends the client away.
     *
     * @param requestId what the acknowledgement repeats
     * @param serverIp where to; empty where any other server will do
     * @param serverPort the main port there; empty where any other server will do
     */
    record ConnectReset(@Nullable String requestId, String serverIp, String serverPort) implements ServerPush {
        @Override
        public void accept(Handler handler) {
            handler.connectReset(this);
        }
    }

    /**
     * Shows the whole of a service.
     *
     * @param requestId what the acknowledgement repeats
     * @param service the service; null where the server sent none
     */
    record NotifySubscriber(
            @Nullable String requestId, @Nullable WireService service) implements ServerPush {
        @Override
        public void accept(Handler handler) {
            handler.notifySubscriber(this);
        }
    }

    /**
     * Tells what matches a watched pattern, or no longer does.
     *
     * @param requestId what the acknowledgement repeats
     * @param syncType {@code FUZZY_WATCH_INIT_NOTIFY} and others
     * @param pattern the pattern; empty in a change of one service
     * @param changes the services, as {@code namespace@@group@@name}, and what became of each; unmodifiable
     */
    record FuzzyWatch(@Nullable String requestId, String syncType, String pattern, List<Change> changes)
            implements ServerPush {

        /** The end of the first list. */
        public static final String FINISHED = "FINISH_FUZZY_WATCH_INIT_NOTIFY";

        /** One service came or went. */
        public static final String CHANGED = "FUZZY_WATCH_RESOURCE_CHANGED";

        @Override
        public void accept(Handler handler) {
            handler.fuzzyWatch(this);
        }
    }

    /**
     * What became of one service.
     *
     * @param serviceKey the service, as {@code namespace@@group@@name}
     * @param present false where it is gone
     */
    record Change(String serviceKey, boolean present) {}
}
