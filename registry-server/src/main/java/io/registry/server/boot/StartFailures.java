package io.registry.server.boot;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringBootExceptionReporter;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Says on one line, without a stack trace, why a start stopped for which the operator can do something. */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class StartFailures implements SpringBootExceptionReporter {

    private static final Logger LOG = LoggerFactory.getLogger(RegistryServer.class);

    @Override
    public boolean reportException(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof RefusedStart) {
                LOG.error("not started: {}", cause.getMessage());
                return true;
            }
            if (cause instanceof PortInUseException used) {
                LOG.error(
                        "not started: port {} is in use (expected: a free port, or another --server.port)",
                        used.getPort());
                return true;
            }
        }
        return false;
    }
}
