package io.registry.server.backup;

import io.registry.api.model.ServiceKey;
import io.registry.server.core.account.Account;
import io.registry.server.core.account.Permission;
import io.registry.server.core.account.SigningKey;
import io.registry.server.core.encoding.StateCodec;
import io.registry.server.core.persistent.Namespace;
import io.registry.server.core.persistent.PersistentCommand;
import io.registry.server.core.persistent.PersistentState;
import io.registry.server.core.persistent.ServiceMetadata;
import java.util.function.Consumer;

/**
 * Turns a state into the changes that make it out of nothing, always in the same order. Each is an ordinary one, short
 * enough for the log, and has the same effect when it is made twice.
 */
final class Changes implements StateCodec.Records {

    private final Consumer<PersistentCommand> changes;

    Changes(Consumer<PersistentCommand> changes) {
        this.changes = changes;
    }

    @Override
    public void service(ServiceKey key, PersistentState.Service service) {
        ServiceMetadata metadata = service.metadata();
        if (metadata != null) {
            changes.accept(new PersistentCommand.PutService(key, metadata));
        }
        service.clusters()
                .forEach((name, config) -> changes.accept(
                        new PersistentCommand.PutCluster(key, metadata != null && metadata.ephemeral(), name, config)));
        service.instances()
                .values()
                .forEach(instance -> changes.accept(new PersistentCommand.PutInstance(key, instance)));
        service.overrides()
                .forEach(
                        (target, override) -> changes.accept(new PersistentCommand.PutOverride(key, target, override)));
    }

    @Override
    public void namespace(Namespace namespace) {
        changes.accept(new PersistentCommand.PutNamespace(namespace));
    }

    @Override
    public void setting(String entry, String value) {
        changes.accept(new PersistentCommand.SetSwitch(entry, value));
    }

    @Override
    public void account(Account account) {
        changes.accept(new PersistentCommand.PutUser(account.name(), account.passwordHash(), null));
        account.roles().forEach(role -> changes.accept(new PersistentCommand.BindRole(role, account.name())));
    }

    @Override
    public void permission(Permission permission) {
        changes.accept(new PersistentCommand.Grant(permission));
    }

    @Override
    public void key(SigningKey key) {
        // None is saved.
    }
}
