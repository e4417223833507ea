package io.registry.server.compat.driver;

import com.alibaba.nacos.api.exception.NacosException;
import com.alibaba.nacos.api.naming.NamingService;
import com.alibaba.nacos.client.naming.listener.AbstractNamingChangeListener;
import com.alibaba.nacos.client.naming.listener.NamingChangeEvent;
import java.util.List;
import java.util.function.Consumer;

/** Listens for what changed, which clients of late 2.x and of 3.x can tell. */
final class Differences {

    private Differences() {}

    static void subscribe(NamingService naming, String service, String group, Consumer<List<String>> sink)
            throws NacosException {
        naming.subscribe(service, group, new AbstractNamingChangeListener() {
            @Override
            public void onChange(NamingChangeEvent event) {
                sink.accept(List.of(
                        Words.join(ClientDriver.hosts(event.getAddedInstances())),
                        Words.join(ClientDriver.hosts(event.getModifiedInstances())),
                        Words.join(ClientDriver.hosts(event.getRemovedInstances()))));
            }
        });
    }
}
