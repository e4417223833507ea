package io.registry.server.core.service;

import io.registry.api.model.ServiceKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Lists services in the order of their keys, page by page, so that paging is stable.
 *
 * <p><b>Threading</b>: from any thread; each call sees the services as they are while it walks them.
 */
public final class ServiceCatalog {

    private final ServiceManager services;

    /** Makes a catalogue of an index. */
    public ServiceCatalog(ServiceManager services) {
        this.services = services;
    }

    /**
     * A page.
     *
     * @param total how many there are in all
     * @param items those of the page
     */
    public record Page<T>(int total, List<T> items) {
        /** Keeps the items as they are now. */
        public Page {
            items = List.copyOf(items);
        }
    }

    /**
     * Returns the names of a group's services, without the group.
     *
     * @param page from 1; a smaller number is the first page
     * @param size how many a page holds; none where it is not positive
     */
    public Page<String> names(String namespace, String group, int page, int size) {
        Page<ServiceKey> keys = page(services.services(namespace, group).keySet(), key -> true, page, size);
        return new Page<>(
                keys.total(), keys.items().stream().map(ServiceKey::name).toList());
    }

    /**
     * Returns services.
     *
     * @param namespace the namespace, or null for all
     * @param wanted which
     * @param page from 1; a smaller number is the first page
     * @param size how many a page holds; none where it is not positive
     */
    public Page<ServiceView> views(@Nullable String namespace, Predicate<ServiceView> wanted, int page, int size) {
        Collection<ServiceKey> keys = namespace == null
                ? services.services()
                : services.services(namespace).keySet();
        List<ServiceView> views = new ArrayList<>();
        for (ServiceKey key : keys) {
            ServiceView view = services.view(key);
            if (view != null) {
                views.add(view);
            }
        }
        return page(views, wanted, page, size);
    }

    private static <T> Page<T> page(Collection<T> all, Predicate<T> wanted, int page, int size) {
        long from = size <= 0 ? Long.MAX_VALUE : (long) (Math.max(1, page) - 1) * size;
        long to = size <= 0 ? 0 : from + size;
        List<T> items = new ArrayList<>();
        int total = 0;
        for (T candidate : all) {
            if (wanted.test(candidate)) {
                if (total >= from && total < to) {
                    items.add(candidate);
                }
                total++;
            }
        }
        return new Page<>(total, items);
    }
}
