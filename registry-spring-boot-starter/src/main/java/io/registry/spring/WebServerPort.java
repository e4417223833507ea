package io.registry.spring;

import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.ApplicationListener;

/**
 * The port that the application's web server has opened. The management server's does not count.
 *
 * <p><b>Threading</b>: any thread.
 */
final class WebServerPort implements ApplicationListener<WebServerInitializedEvent> {

    private final RegistrationPort port;

    WebServerPort(RegistrationPort port) {
        this.port = port;
    }

    @Override
    public void onApplicationEvent(WebServerInitializedEvent event) {
        if (!WebServerApplicationContext.hasServerNamespace(event.getApplicationContext(), "management")) {
            port.opened(event.getWebServer().getPort());
        }
    }
}
