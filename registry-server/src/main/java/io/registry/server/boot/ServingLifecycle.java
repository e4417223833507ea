package io.registry.server.boot;

import io.registry.server.access.FirstStart;
import io.registry.server.core.balance.Rebalancer;
import io.registry.server.core.cluster.Membership;
import io.registry.server.core.cluster.Replication;
import io.registry.server.core.operate.Readiness;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/** Opens the node to clients when every port is open and the log is loaded, and is the first to know that it stops. */
final class ServingLifecycle implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(ServingLifecycle.class);

    private final CoreLifecycle core;
    private final Readiness readiness;
    private final Membership membership;
    private final Replication replication;
    private final Rebalancer rebalancer;
    private final Runnable sendAway;
    private final FirstStart first;
    private final ScheduledExecutorService timer;
    private final ExecutorService worker;
    private final RegistryProperties properties;

    ServingLifecycle(
            CoreLifecycle core,
            Readiness readiness,
            Membership membership,
            Replication replication,
            Rebalancer rebalancer,
            Runnable sendAway,
            FirstStart first,
            ScheduledExecutorService timer,
            ExecutorService worker,
            RegistryProperties properties) {
        this.core = core;
        this.readiness = readiness;
        this.membership = membership;
        this.replication = replication;
        this.rebalancer = rebalancer;
        this.sendAway = sendAway;
        this.first = first;
        this.timer = timer;
        this.worker = worker;
        this.properties = properties;
    }

    @Override
    public void start() {
        core.awaitLoaded();
        if (properties.cluster().alone()) {
            setUpAdministrator();
        }
        readiness.enter(Readiness.Phase.UP);
        if (!properties.cluster().alone()) {
            // There may be no leader for long, and clients are served without one.
            worker.execute(this::setUpAdministrator);
        }
        rebalancer.start();
        membership.listen(members -> leaveIfOutside());
        leaveIfOutside();
        LOG.info(
                "serving: http={}:{} grpc={}:{} data={}",
                properties.address().getHostAddress(),
                properties.port(),
                properties.address().getHostAddress(),
                properties.grpc().sdkPort(),
                properties.dataDir());
        if (properties.address().isLoopbackAddress()) {
            LOG.info("this machine only; to serve a network: --server.address=0.0.0.0 --registry.access.clients=open");
        }
    }

    private void setUpAdministrator() {
        if (readiness.phase() != Readiness.Phase.STOPPING && !first.complete()) {
            var unused = timer.schedule(() -> worker.execute(this::setUpAdministrator), 2, TimeUnit.SECONDS);
        }
    }

    private void leaveIfOutside() {
        if (readiness.isServing() && !membership.includesSelf()) {
            readiness.enter(Readiness.Phase.OUTSIDE);
            LOG.info("no longer serving: clients are told to move to the members of the cluster");
            var unused = rebalancer.leave().thenRun(sendAway);
        }
    }

    @Override
    public void stop() {
        readiness.enter(Readiness.Phase.STOPPING);
        replication.leave();
        LOG.info("stopping: clients are told to move, then the ports close");
        rebalancer.leave().join();
    }

    @Override
    public boolean isRunning() {
        return readiness.phase() != Readiness.Phase.STARTING;
    }

    @Override
    public int getPhase() {
        // Last to start and first to stop.
        return Integer.MAX_VALUE;
    }
}
