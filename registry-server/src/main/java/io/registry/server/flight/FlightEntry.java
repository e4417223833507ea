package io.registry.server.flight;

import java.util.Locale;

/**
 * One thing that has happened, as it is kept. Texts are empty, and numbers 0, where there is nothing to say.
 *
 * @param number rises from entry to entry of a node, also over its restarts; may leave numbers out
 * @param atMillis when, in milliseconds since 1970, by the node's clock
 * @param kind what
 * @param namespace the namespace of the service that it is about
 * @param group its group
 * @param service its name
 * @param ip the IP of the instance that it is about
 * @param port its port
 * @param cluster its cluster
 * @param client who publishes or published it
 * @param node the id of the node that wrote the change; of what the log of all nodes has changed, nothing
 * @param via the id of the node to which the call came, where that is another than the one that records
 * @param protocol how the call came in
 * @param address where it came from, an IP
 * @param user who had logged in, or of a refusal, which name was given
 * @param cause why, in a word or a few
 * @param detail what else there is to say
 * @param count how many the entry stands for, where it stands for more than one
 */
public record FlightEntry(
        long number,
        long atMillis,
        Kind kind,
        String namespace,
        String group,
        String service,
        String ip,
        int port,
        String cluster,
        String client,
        String node,
        String via,
        String protocol,
        String address,
        String user,
        String cause,
        String detail,
        long count) {

    /** Returns this with what its frame says. */
    FlightEntry kept(long asNumber, long whenMillis) {
        return copy(asNumber, whenMillis, count);
    }

    /** Returns one that stands for more of the same. */
    FlightEntry again(long whenMillis, long times) {
        return copy(0, whenMillis, times);
    }

    private FlightEntry copy(long asNumber, long whenMillis, long times) {
        return new FlightEntry(
                asNumber,
                whenMillis,
                kind,
                namespace,
                group,
                service,
                ip,
                port,
                cluster,
                client,
                node,
                via,
                protocol,
                address,
                user,
                cause,
                detail,
                times);
    }

    /** What has happened. Kept by its number. */
    public enum Kind {
        /** Something that this version does not know. */
        UNKNOWN(0),
        /** An instance has come. */
        CAME(1),
        /** What is said of an instance has changed. */
        CHANGED(2),
        /** An instance has gone. */
        GONE(3),
        /** What was lost of a service is shown further. */
        HELD(4),
        /** An instance that was lost, and was shown further, is shown no longer. */
        LET_GO(5),
        /** An operator's call was carried out. */
        OPERATED(6),
        /** A call was refused, since whoever made it may not. */
        REFUSED(7),
        /** The node has started. */
        STARTED(8),
        /** The node has stopped, in order. */
        STOPPED(9),
        /** Something was not recorded. */
        DROPPED(10),
        /** What operators had set about instances has ended. */
        OVERRIDE_ENDED(11);

        private final int number;

        Kind(int number) {
            this.number = number;
        }

        /** Returns the number under which it is kept. */
        int number() {
            return number;
        }

        /** Returns the one that is kept under a number. */
        static Kind of(int number) {
            for (Kind kind : values()) {
                if (kind.number == number) {
                    return kind;
                }
            }
            return UNKNOWN;
        }

        /** Returns the word for it in answers. */
        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }
}
