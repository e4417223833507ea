package io.registry.server.peer;

import io.registry.server.http.UnreadBodies;
import io.registry.server.peer.http.DatumServlet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.Wrapper;
import org.apache.catalina.core.StandardContext;
import org.apache.catalina.startup.Tomcat;

/** An HTTP port on which there is nothing but the path of replication, with few threads, so that whoever holds one is seen. */
final class PeerContainer {

    private final DatumServlet servlet = new DatumServlet(UnreadBodies::giveUp);
    private final int port;
    private final Tomcat tomcat = new Tomcat();

    PeerContainer(int port) {
        this.port = port;
    }

    DatumServlet servlet() {
        return servlet;
    }

    void start() {
        try {
            Path directory = Files.createTempDirectory("registry-peer");
            directory.toFile().deleteOnExit();
            tomcat.setBaseDir(directory.toString());
            tomcat.setPort(port);
            tomcat.getConnector().setProperty("address", "127.0.0.1");
            tomcat.getConnector().setProperty("minSpareThreads", "2");
            tomcat.getConnector().setProperty("maxThreads", "3");
            tomcat.getConnector().setProperty("keepAliveTimeout", "60000");
            tomcat.getConnector().setProperty("maxKeepAliveRequests", "10000");
            tomcat.getEngine().getPipeline().addValve(new UnreadBodies());
            StandardContext context = (StandardContext) tomcat.addContext("/nacos", null);
            // Nothing is loaded anew in this process, so nothing is to be cleared away.
            context.setClearReferencesRmiTargets(false);
            context.setClearReferencesThreadLocals(false);
            Wrapper wrapper = Tomcat.addServlet(context, "datum", servlet);
            wrapper.setAsyncSupported(true);
            wrapper.addMapping(DatumServlet.PATH);
            tomcat.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (LifecycleException e) {
            throw new IllegalStateException(e);
        }
    }

    void stop() {
        servlet.hangUp();
        try {
            tomcat.stop();
            tomcat.destroy();
        } catch (LifecycleException e) {
            throw new IllegalStateException(e);
        }
    }
}
