package io.registry.server.core.persistent;

import io.registry.api.model.Instance;
import io.registry.api.model.InstanceKey;
import io.registry.api.model.ServiceKey;
import io.registry.server.core.account.Accounts;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.pcollections.TreePMap;

/**
 * The state machine of persistent state: a pure function of the state and the command, the same on every node.
 *
 * <p><b>Threading</b>: {@link #apply} on the log's apply thread only; {@link #state} from any thread.
 */
public final class PersistentStore {

    private final Applier applier = new Applier();
    private volatile PersistentState state = PersistentState.EMPTY;

    /** Returns the state after the last applied command. */
    public PersistentState state() {
        return state;
    }

    /** Applies a command, and says what it has changed. */
    public PersistentChange apply(PersistentCommand command) {
        return command.handle(applier);
    }

    /**
     * Puts another state in the place of the present one, as a snapshot does. On the log's apply thread, or before it
     * runs.
     *
     * @return what has changed, one for each service that differs
     */
    public List<PersistentChange> restore(PersistentState other) {
        PersistentState before = state;
        List<PersistentChange> changes = new ArrayList<>();
        for (ServiceKey key : before.services().keySet()) {
            if (!other.services().containsKey(key)) {
                changes.add(new PersistentChange(key, null, null, true));
            }
        }
        other.services().forEach((key, service) -> {
            if (!service.equals(before.services().get(key))) {
                changes.add(new PersistentChange(key, service, null, true));
            }
        });
        state = other;
        return changes;
    }

    private PersistentChange put(ServiceKey key, PersistentState.Service after) {
        return put(key, after, null);
    }

    private PersistentChange put(ServiceKey key, PersistentState.Service after, @Nullable String address) {
        PersistentState now = state;
        TreePMap<ServiceKey, PersistentState.Service> services =
                after.isEmpty() ? now.services().minus(key) : now.services().plus(key, after);
        state = now.withServices(services);
        return new PersistentChange(key, after.isEmpty() ? null : after, address);
    }

    private final class Applier implements PersistentCommand.Handler<PersistentChange> {

        @Override
        public PersistentChange putInstance(PersistentCommand.PutInstance command) {
            PersistentState.Service service = state.service(command.service());
            Instance instance = command.instance();
            return put(
                    command.service(),
                    service.withInstances(service.instances().plus(instance.address(), instance)),
                    instance.address());
        }

        @Override
        public PersistentChange removeInstance(PersistentCommand.RemoveInstance command) {
            PersistentState.Service service = state.service(command.service());
            String address = command.ip() + ":" + command.port();
            return put(
                    command.service(), service.withInstances(service.instances().minus(address)), address);
        }

        @Override
        public PersistentChange setHealth(PersistentCommand.SetHealth command) {
            PersistentState.Service service = state.service(command.service());
            Instance instance = service.instances().get(command.ip() + ":" + command.port());
            if (instance == null) {
                return PersistentChange.ELSEWHERE;
            }
            return putInstance(
                    new PersistentCommand.PutInstance(command.service(), instance.withHealthy(command.healthy())));
        }

        @Override
        public PersistentChange putService(PersistentCommand.PutService command) {
            PersistentState.Service service = state.service(command.service());
            return put(
                    command.service(),
                    new PersistentState.Service(
                            command.metadata(), service.instances(), service.clusters(), service.overrides()));
        }

        @Override
        public PersistentChange removeService(PersistentCommand.RemoveService command) {
            PersistentState.Service service = state.service(command.service());
            return put(
                    command.service(),
                    new PersistentState.Service(null, service.instances(), TreePMap.empty(), TreePMap.empty()));
        }

        @Override
        public PersistentChange putCluster(PersistentCommand.PutCluster command) {
            PersistentState.Service service = state.service(command.service());
            @Nullable ServiceMetadata metadata = service.metadata();
            return put(
                    command.service(),
                    new PersistentState.Service(
                            metadata == null ? ServiceMetadata.plain(command.ephemeral()) : metadata,
                            service.instances(),
                            service.clusters().plus(command.cluster(), command.config()),
                            service.overrides()));
        }

        @Override
        public PersistentChange putOverride(PersistentCommand.PutOverride command) {
            return override(command.service(), command.target(), command.override());
        }

        @Override
        public PersistentChange patchOverride(PersistentCommand.PatchOverride command) {
            InstanceOverride before = before(command.service(), command.target(), command.atMillis());
            return override(command.service(), command.target(), command.patch().applyTo(before, command.atMillis()));
        }

        @Override
        public PersistentChange mergeMetadata(PersistentCommand.MergeMetadata command) {
            PersistentChange change = PersistentChange.ELSEWHERE;
            for (InstanceKey instance : command.instances()) {
                OverrideTarget target = OverrideTarget.incarnation(instance);
                InstanceOverride before = before(command.service(), target, command.atMillis());
                Map<String, String> metadata = new LinkedHashMap<>(before.metadata());
                if (command.remove()) {
                    command.metadata().keySet().forEach(metadata::remove);
                } else {
                    metadata.putAll(command.metadata());
                }
                change = override(command.service(), target, before.withMetadata(metadata, command.atMillis()));
            }
            return change;
        }

        @Override
        public PersistentChange dropOverrides(PersistentCommand.DropOverrides command) {
            PersistentState.Service service = state.service(command.service());
            TreePMap<OverrideTarget, InstanceOverride> overrides = service.overrides();
            for (OverrideTarget target : command.targets()) {
                overrides = overrides.minus(target);
            }
            return put(command.service(), service.withOverrides(overrides));
        }

        @Override
        public PersistentChange endOverrides(PersistentCommand.EndOverrides command) {
            PersistentState.Service service = state.service(command.service());
            TreePMap<OverrideTarget, InstanceOverride> overrides = service.overrides();
            for (PersistentCommand.Ended ended : command.ended()) {
                InstanceOverride override = overrides.get(ended.target());
                if (override != null && override.setAtMillis() == ended.setAtMillis()) {
                    overrides = overrides.minus(ended.target());
                }
            }
            return put(command.service(), service.withOverrides(overrides));
        }

        @Override
        public PersistentChange putNamespace(PersistentCommand.PutNamespace command) {
            Namespace namespace = command.namespace();
            state = state.withNamespaces(state.namespaces().plus(namespace.id(), namespace));
            return PersistentChange.ELSEWHERE;
        }

        @Override
        public PersistentChange removeNamespace(PersistentCommand.RemoveNamespace command) {
            state = state.withNamespaces(state.namespaces().minus(command.id()));
            return PersistentChange.ELSEWHERE;
        }

        @Override
        public PersistentChange setSwitch(PersistentCommand.SetSwitch command) {
            state = state.withSwitches(state.switches().plus(command.entry(), command.value()));
            return PersistentChange.ELSEWHERE;
        }

        @Override
        public PersistentChange foundAccess(PersistentCommand.FoundAccess command) {
            return accounts(state.accounts().founded(command.administrator(), command.passwordHash(), command.key()));
        }

        @Override
        public PersistentChange putUser(PersistentCommand.PutUser command) {
            Accounts before = state.accounts();
            String replaces = command.replaces();
            return replaces == null || replaces.equals(before.passwordHash(command.name()))
                    ? accounts(before.withPassword(command.name(), command.passwordHash()))
                    : PersistentChange.ELSEWHERE;
        }

        @Override
        public PersistentChange removeUser(PersistentCommand.RemoveUser command) {
            return accounts(state.accounts().without(command.name()));
        }

        @Override
        public PersistentChange bindRole(PersistentCommand.BindRole command) {
            return accounts(state.accounts().withRole(command.role(), command.user()));
        }

        @Override
        public PersistentChange unbindRole(PersistentCommand.UnbindRole command) {
            return accounts(state.accounts().withoutRole(command.role(), command.user()));
        }

        @Override
        public PersistentChange grant(PersistentCommand.Grant command) {
            return accounts(state.accounts().with(command.permission()));
        }

        @Override
        public PersistentChange revoke(PersistentCommand.Revoke command) {
            return accounts(state.accounts().without(command.permission()));
        }

        @Override
        public PersistentChange rotateKeys(PersistentCommand.RotateKeys command) {
            return accounts(state.accounts().rotated(command.key(), command.othersUntilMillis()));
        }

        private PersistentChange accounts(Accounts after) {
            state = state.withAccounts(after);
            return PersistentChange.ELSEWHERE;
        }

        private InstanceOverride before(ServiceKey service, OverrideTarget target, long atMillis) {
            InstanceOverride before = state.service(service).overrides().get(target);
            return before == null || before.isOver(atMillis) ? InstanceOverride.NONE : before;
        }

        private PersistentChange override(ServiceKey key, OverrideTarget target, InstanceOverride override) {
            PersistentState.Service service = state.service(key);
            return put(key, service.withOverrides(service.overrides().plus(target, override)));
        }
    }
}
