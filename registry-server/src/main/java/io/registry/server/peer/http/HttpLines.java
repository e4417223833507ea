package io.registry.server.peer.http;

import io.registry.server.core.cluster.ClusterMember;
import io.registry.server.peer.PeerConfig;
import io.registry.server.peer.line.LinePort;
import io.registry.server.peer.line.Lines;

/** Lines over the HTTP port of each member. */
public final class HttpLines implements Lines {

    private final PeerConfig config;
    private final DatumServlet servlet;
    private final String contextPath;

    /**
     * Makes what carries lines as the settings say.
     *
     * @param servlet where other members come in
     * @param contextPath what stands before its path on every member
     */
    public HttpLines(PeerConfig config, DatumServlet servlet, String contextPath) {
        this.config = config;
        this.servlet = servlet;
        this.contextPath = contextPath;
    }

    @Override
    public String addressOf(ClusterMember member) {
        return member.http();
    }

    @Override
    public LinePort port(Runnable refused) {
        return new HttpPort(config, servlet, contextPath + DatumWire.PATH, refused);
    }
}
