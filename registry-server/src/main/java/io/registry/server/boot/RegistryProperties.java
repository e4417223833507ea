package io.registry.server.boot;

import java.time.Duration;

record RegistryProperties(String dataDir, String address) {
    record L(int loopQueue) {
        io.registry.server.core.operate.NodeLimits node() {
            return new io.registry.server.core.operate.NodeLimits(1, 1, 1);
        }
    }

    record D(Duration snapshotInterval, Duration ownerLease) {
        io.registry.distro.DistroConfig config() {
            throw new UnsupportedOperationException();
        }
    }

    record P() {
        io.registry.server.core.push.PushConfig config() {
            throw new UnsupportedOperationException();
        }
    }

    L limits() {
        return new L(1);
    }

    D distro() {
        return new D(Duration.ZERO, Duration.ZERO);
    }

    P push() {
        return new P();
    }

    Duration emptyServiceExpireAfter() {
        return Duration.ZERO;
    }
}
