package io.registry.client;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Collections;

/** The address of this machine, as people who look at a server's list of clients would like to see it. */
public final class LocalAddress {

    private LocalAddress() {}

    /** Returns the first IPv4 address of a network that is up and no loopback; 127.0.0.1 where there is none. */
    public static String find() {
        try {
            for (NetworkInterface network : Collections.list(NetworkInterface.getNetworkInterfaces())) {
                if (!network.isUp() || network.isLoopback()) {
                    continue;
                }
                for (InetAddress address : Collections.list(network.getInetAddresses())) {
                    if (address instanceof Inet4Address && !address.isLinkLocalAddress()) {
                        return address.getHostAddress();
                    }
                }
            }
        } catch (SocketException e) {
            // Then it is not known.
        }
        return "127.0.0.1";
    }
}
