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

        /** Something has changed in a service. */
        void notifyChange(NotifyChange push);

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
     * @param revision what a change may refer to; null with servers that tell none
     * @param emptyOnPurpose whether the server knows that nobody is there because all said goodbye
     */
    record NotifySubscriber(
            @Nullable String requestId,
            @Nullable WireService service,
            @Nullable ViewRevision revision,
            boolean emptyOnPurpose)
            implements ServerPush {
        @Override
        public void accept(Handler handler) {
            handler.notifySubscriber(this);
        }
    }

    /**
     * Tells what has changed in a service since the last push of it on the same stream through the same filter. In the
     * list of then, the hosts at some places go, and those that came are put so that they are at their places afterwards.
     *
     * @param requestId what the acknowledgement repeats
     * @param base the list that this applies to
     * @param revision the revision that results
     * @param removed places in the list of then, rising
     * @param put places in the list that results, rising: one for each host of the service
     * @param count how many hosts result
     * @param service the service, with the hosts that are new or changed
     */
    @SuppressWarnings("ArrayRecordComponent") // read once, and never compared
    record NotifyChange(
            @Nullable String requestId,
            ViewRevision base,
            long revision,
            int[] removed,
            int[] put,
            int count,
            WireService service)
            implements ServerPush {

        /** The name of its type on the wire. */
        public static final String TYPE = "NotifySubscriberChangeRequest";

        /** The ability of those who send and understand it. */
        public static final String ABILITY = "notifyChange";

        @Override
        public void accept(Handler handler) {
            handler.notifyChange(this);
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
