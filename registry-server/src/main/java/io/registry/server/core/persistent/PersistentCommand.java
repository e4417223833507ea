package io.registry.server.core.persistent;

import io.registry.api.model.Instance;
import io.registry.api.model.InstanceKey;
import io.registry.api.model.ServiceKey;
import io.registry.server.core.account.Permission;
import io.registry.server.core.account.SigningKey;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A change of persistent state: what the log carries. Commands are complete values: applying one needs no clock, no
 * randomness and nothing outside the store, and applying it twice does no harm.
 */
public sealed interface PersistentCommand {

    /** Dispatches on the kind of command, so that a new kind breaks the compile wherever it must be handled. */
    <R> R handle(Handler<R> handler);

    /** Registers or replaces a persistent instance. */
    record PutInstance(ServiceKey service, Instance instance) implements PersistentCommand {
        @Override
        public <R> R handle(Handler<R> handler) {
            return handler.putInstance(this);
        }
    }

    /** Removes a persistent instance; no effect where it is not there. */
    record RemoveInstance(ServiceKey service, String ip, int port) implements PersistentCommand {
        @Override
        public <R> R handle(Handler<R> handler) {
            return handler.removeInstance(this);
        }
    }

    /** Sets the health of a persistent instance; no effect where it is not there. */
    record SetHealth(ServiceKey service, String ip, int port, boolean healthy) implements PersistentCommand {
        @Override
        public <R> R handle(Handler<R> handler) {
            return handler.setHealth(this);
        }
    }

    /** Creates a service that an operator keeps, or replaces what is said about it. */
    record PutService(ServiceKey service, ServiceMetadata metadata) implements PersistentCommand {
        @Override
        public <R> R handle(Handler<R> handler) {
            return handler.putService(this);
        }
    }

    /** Forgets what operators have said about a service. */
    record RemoveService(ServiceKey service) implements PersistentCommand {
        @Override
        public <R> R handle(Handler<R> handler) {
            return handler.removeService(this);
        }
    }

    /** Sets what is said about a cluster of a service. */
    record PutCluster(ServiceKey service, boolean ephemeral, String cluster, ClusterConfig config)
            implements PersistentCommand {
        @Override
        public <R> R handle(Handler<R> handler) {
            return handler.putCluster(this);
        }
    }

    /** Replaces what is set about instances. */
    record PutOverride(ServiceKey service, OverrideTarget target, InstanceOverride override)
            implements PersistentCommand {
        @Override
        public <R> R handle(Handler<R> handler) {
            return handler.putOverride(this);
        }
    }

    /** Changes some of what is set about instances; what was over at the given time no longer counts. */
    record PatchOverride(ServiceKey service, OverrideTarget target, InstancePatch patch, long atMillis)
            implements PersistentCommand {
        @Override
        public <R> R handle(Handler<R> handler) {
            return handler.patchOverride(this);
        }
    }

    /**
     * Adds metadata to, or removes keys from, what is set about the present incarnations of instances; what was over at
     * the given time no longer counts.
     */
    record MergeMetadata(
            ServiceKey service,
            List<InstanceKey> instances,
            Map<String, String> metadata,
            boolean remove,
            long atMillis)
            implements PersistentCommand {
        /** Keeps the lists as they are now. */
        public MergeMetadata {
            instances = List.copyOf(instances);
            metadata = PersistentState.ordered(metadata);
        }

        @Override
        public <R> R handle(Handler<R> handler) {
            return handler.mergeMetadata(this);
        }
    }

    /** Forgets what is set about instances, whatever it is. */
    record DropOverrides(ServiceKey service, List<OverrideTarget> targets) implements PersistentCommand {
        /** Keeps the list as it is now. */
        public DropOverrides {
            targets = List.copyOf(targets);
        }

        @Override
        public <R> R handle(Handler<R> handler) {
            return handler.dropOverrides(this);
        }
    }

    /**
     * Forgets overrides whose time is over. One that an operator has set anew meanwhile stays, and so it does no harm
     * that every node may notice the end, and sooner or later.
     */
    record EndOverrides(ServiceKey service, List<Ended> ended) implements PersistentCommand {
        /** Keeps the list as it is now. */
        public EndOverrides {
            ended = List.copyOf(ended);
        }

        @Override
        public <R> R handle(Handler<R> handler) {
            return handler.endOverrides(this);
        }
    }

    /** One override whose time is over, known by when it was set. */
    record Ended(OverrideTarget target, long setAtMillis) {}

    /** Creates or renames a namespace. */
    record PutNamespace(Namespace namespace) implements PersistentCommand {
        @Override
        public <R> R handle(Handler<R> handler) {
            return handler.putNamespace(this);
        }
    }

    /** Removes a namespace; no effect where it is not there. */
    record RemoveNamespace(String id) implements PersistentCommand {
        @Override
        public <R> R handle(Handler<R> handler) {
            return handler.removeNamespace(this);
        }
    }

    /** Sets one switch, already checked. */
    record SetSwitch(String entry, String value) implements PersistentCommand {
        @Override
        public <R> R handle(Handler<R> handler) {
            return handler.setSwitch(this);
        }
    }

    /** Makes the first administrator and the first key; no effect where there is a key already. */
    record FoundAccess(String administrator, String passwordHash, SigningKey key) implements PersistentCommand {
        @Override
        public <R> R handle(Handler<R> handler) {
            return handler.foundAccess(this);
        }

        @Override
        public String toString() {
            return "FoundAccess[" + administrator + ", ***]";
        }
    }

    /**
     * Creates a user, or changes the password of one; roles stay as they are. No effect where the user is not as it was
     * when this was asked for: of two changes that know nothing of each other, the first one counts.
     *
     * @param replaces the hash that the user must have; empty where the user must not be there; null where neither matters
     */
    record PutUser(
            String name, String passwordHash, @Nullable String replaces) implements PersistentCommand {
        @Override
        public <R> R handle(Handler<R> handler) {
            return handler.putUser(this);
        }

        @Override
        public String toString() {
            return "PutUser[" + name + ", ***]";
        }
    }

    /** Removes a user with all roles, and the permissions of those that nobody else has; no effect where it is not there. */
    record RemoveUser(String name) implements PersistentCommand {
        @Override
        public <R> R handle(Handler<R> handler) {
            return handler.removeUser(this);
        }
    }

    /** Gives a user a role; no effect where the user is not there. */
    record BindRole(String role, String user) implements PersistentCommand {
        @Override
        public <R> R handle(Handler<R> handler) {
            return handler.bindRole(this);
        }
    }

    /** Takes a role from a user, and its permissions from it where nobody else has it; no effect where the user does not. */
    record UnbindRole(String role, String user) implements PersistentCommand {
        @Override
        public <R> R handle(Handler<R> handler) {
            return handler.unbindRole(this);
        }
    }

    /** Gives a role a permission; no effect where nobody has the role. */
    record Grant(Permission permission) implements PersistentCommand {
        @Override
        public <R> R handle(Handler<R> handler) {
            return handler.grant(this);
        }
    }

    /** Takes a permission from a role; no effect where it does not have it. */
    record Revoke(Permission permission) implements PersistentCommand {
        @Override
        public <R> R handle(Handler<R> handler) {
            return handler.revoke(this);
        }
    }

    /** Has another key sign; tokens of those before it are taken until a time, in milliseconds since 1970. */
    record RotateKeys(SigningKey key, long othersUntilMillis) implements PersistentCommand {
        @Override
        public <R> R handle(Handler<R> handler) {
            return handler.rotateKeys(this);
        }
    }

    /** One method for each kind of command. */
    interface Handler<R> {
        R putInstance(PutInstance command);

        R removeInstance(RemoveInstance command);

        R setHealth(SetHealth command);

        R putService(PutService command);

        R removeService(RemoveService command);

        R putCluster(PutCluster command);

        R putOverride(PutOverride command);

        R patchOverride(PatchOverride command);

        R mergeMetadata(MergeMetadata command);

        R dropOverrides(DropOverrides command);

        R endOverrides(EndOverrides command);

        R putNamespace(PutNamespace command);

        R removeNamespace(RemoveNamespace command);

        R setSwitch(SetSwitch command);

        R foundAccess(FoundAccess command);

        R putUser(PutUser command);

        R removeUser(RemoveUser command);

        R bindRole(BindRole command);

        R unbindRole(UnbindRole command);

        R grant(Grant command);

        R revoke(Revoke command);

        R rotateKeys(RotateKeys command);
    }
}
