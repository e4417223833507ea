package io.registry.server.compat.driver;

import com.alibaba.nacos.api.exception.NacosException;
import com.alibaba.nacos.api.naming.NamingService;
import com.alibaba.nacos.api.naming.listener.AbstractFuzzyWatchEventWatcher;
import com.alibaba.nacos.api.naming.listener.FuzzyWatchChangeEvent;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** Watches the services whose names match a pattern, which 3.x clients can. */
final class FuzzyWatching {

    private FuzzyWatching() {}

    /** Returns the keys that the initial synchronisation brought. */
    static List<String> watch(
            NamingService naming, String servicePattern, String groupPattern, Consumer<List<String>> sink)
            throws NacosException, InterruptedException, ExecutionException, TimeoutException {
        AbstractFuzzyWatchEventWatcher watcher = new AbstractFuzzyWatchEventWatcher() {
            @Override
            public void onEvent(FuzzyWatchChangeEvent event) {
                sink.accept(List.of(
                        event.getChangeType(),
                        event.getNamespace() + "@@" + event.getGroupName() + "@@" + event.getServiceName()));
            }
        };
        return naming
                .fuzzyWatchWithServiceKeys(servicePattern, groupPattern, watcher)
                .get(30, TimeUnit.SECONDS)
                .getData()
                .stream()
                .sorted()
                .toList();
    }
}
