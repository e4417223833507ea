package io.registry.server.compat.driver;

import com.alibaba.nacos.api.NacosFactory;
import com.alibaba.nacos.api.exception.NacosException;
import com.alibaba.nacos.api.naming.NamingService;
import java.util.Properties;
import java.util.stream.Collectors;

/** The other one. */
final class MeasuredNacosClient implements MeasuredClient {

    private final NamingService naming;

    MeasuredNacosClient(Properties properties) throws NacosException {
        this.naming = NacosFactory.createNamingService(properties);
    }

    @Override
    public void register(String service, String ip, int port) throws NacosException {
        naming.registerInstance(service, ip, port);
    }

    @Override
    public void deregister(String service, String ip, int port) throws NacosException {
        naming.deregisterInstance(service, ip, port);
    }

    @Override
    public void subscribe(String service, Runnable onChange) throws NacosException {
        naming.subscribe(service, event -> onChange.run());
    }

    @Override
    public Object choose(String service) throws NacosException {
        return naming.selectOneHealthyInstance(service);
    }

    @Override
    public String known(String service) throws NacosException {
        return naming.getAllInstances(service).stream()
                .map(instance -> instance.getIp() + ":" + instance.getPort())
                .collect(Collectors.joining(","));
    }
}
