package io.registry.server.compat.driver;

import io.registry.api.NamingService;
import io.registry.api.model.Instance;
import io.registry.client.NamingFactory;
import java.util.Properties;
import java.util.stream.Collectors;

/** This project's client. */
final class MeasuredSdk implements MeasuredClient {

    private final NamingService naming;

    MeasuredSdk(Properties properties) {
        this.naming = NamingFactory.createNamingService(properties);
    }

    @Override
    public void register(String service, String ip, int port) {
        naming.registerInstance(service, ip, port);
    }

    @Override
    public void deregister(String service, String ip, int port) {
        naming.deregisterInstance(service, ip, port);
    }

    @Override
    public void subscribe(String service, Runnable onChange) {
        naming.subscribe(service, change -> onChange.run());
    }

    @Override
    public Object choose(String service) {
        return naming.selectOneHealthyInstance(service);
    }

    @Override
    public String known(String service) {
        return naming.getAllInstances(service).stream().map(Instance::address).collect(Collectors.joining(","));
    }
}
