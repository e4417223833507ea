package io.registry.server.core.operate;

import io.registry.api.error.ErrorCode;
import io.registry.api.error.RegistryException;
import io.registry.api.model.ServiceKey;
import io.registry.server.core.persistent.Namespace;
import io.registry.server.core.persistent.PersistentCommand;
import io.registry.server.core.persistent.PersistentLog;
import io.registry.server.core.persistent.PersistentStore;
import io.registry.server.core.service.ServiceManager;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The namespaces that operators have named. A name is all there is to a namespace: services may live in one that nobody
 * has named. The default namespace is always there, and its name is not to be changed.
 *
 * <p><b>Threading</b>: from any thread.
 */
public final class NamespaceOperator {

    /** How many namespaces may be named. */
    private static final int NAMESPACES_MAX = 10_000;

    /** The longest description, in UTF-16 units: as long as the longest name. */
    private static final int DESCRIPTION_MAX = 256;

    private final PersistentLog log;
    private final PersistentStore store;
    private final ServiceManager services;

    /** Makes the operator. */
    public NamespaceOperator(PersistentLog log, PersistentStore store, ServiceManager services) {
        this.log = log;
        this.store = store;
        this.services = services;
    }

    /** Returns the named namespaces, without the default one, by id. */
    public Collection<Namespace> all() {
        return store.state().namespaces().values();
    }

    /** Returns a named namespace, or null. */
    public @Nullable Namespace find(String id) {
        return store.state().namespaces().get(id);
    }

    /** Returns whether an id is named, or is that of the default namespace. */
    public boolean exists(String id) {
        return id.equals(ServiceKey.DEFAULT_NAMESPACE) || find(id) != null;
    }

    /**
     * Names a namespace.
     *
     * @return false where it has a name already, which stays
     * @throws RegistryException {@code OVER_LIMIT} where there are too many
     */
    public CompletionStage<Boolean> create(Namespace namespace) {
        check(namespace);
        if (exists(namespace.id())) {
            return CompletableFuture.completedFuture(false);
        }
        if (store.state().namespaces().size() >= NAMESPACES_MAX) {
            throw new RegistryException(ErrorCode.OVER_LIMIT, "namespaces: " + NAMESPACES_MAX + " (expected: fewer)");
        }
        return log.propose(new PersistentCommand.PutNamespace(namespace)).thenApply(change -> true);
    }

    /** Gives a namespace another name; no effect where it has none. */
    public CompletionStage<@Nullable Void> update(Namespace namespace) {
        check(namespace);
        return find(namespace.id()) == null
                ? CompletableFuture.completedFuture(null)
                : log.propose(new PersistentCommand.PutNamespace(namespace)).thenApply(change -> null);
    }

    /**
     * Forgets the name of a namespace; no effect where it has none.
     *
     * @throws RegistryException {@code NAMESPACE_IN_USE} where it has instances, or is the default one
     */
    public CompletionStage<@Nullable Void> delete(String id) {
        if (id.equals(ServiceKey.DEFAULT_NAMESPACE)) {
            throw new RegistryException(
                    ErrorCode.NAMESPACE_IN_USE, "namespace " + id + " is always there (expected: another one)");
        }
        if (find(id) == null) {
            return CompletableFuture.completedFuture(null);
        }
        int instances = instances(id);
        if (instances > 0) {
            throw new RegistryException(
                    ErrorCode.NAMESPACE_IN_USE,
                    "namespace " + id + " has " + instances + (instances == 1 ? " instance" : " instances")
                            + " (expected: none)");
        }
        return log.propose(new PersistentCommand.RemoveNamespace(id));
    }

    private int instances(String namespace) {
        int count = 0;
        for (ServiceKey service : services.services(namespace).keySet()) {
            count += services.viewOrAbsent(service).size();
        }
        return count;
    }

    private static void check(Namespace namespace) {
        int length = namespace.description().length();
        if (length > DESCRIPTION_MAX) {
            throw new RegistryException(
                    ErrorCode.INVALID_PARAMETER,
                    "Parameter 'namespaceDesc': " + length + " characters (expected: at most " + DESCRIPTION_MAX + ")");
        }
    }
}
