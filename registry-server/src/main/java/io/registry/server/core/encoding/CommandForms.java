package io.registry.server.core.encoding;

import io.registry.server.core.persistent.PersistentCommand;

/** The kinds of commands. */
final class CommandForms {

    static final Form<PersistentCommand.PutInstance> PUT_INSTANCE = new Form<>(
            "PutInstance",
            (out, command) -> {
                out.message(1, ValueForms.SERVICE_KEY, command.service());
                out.message(2, ValueForms.INSTANCE, command.instance());
            },
            in -> new PersistentCommand.PutInstance(
                    in.message(1, ValueForms.SERVICE_KEY), in.message(2, ValueForms.INSTANCE)));

    static final Form<PersistentCommand.RemoveInstance> REMOVE_INSTANCE = new Form<>(
            "RemoveInstance",
            (out, command) -> {
                out.message(1, ValueForms.SERVICE_KEY, command.service());
                out.text(2, command.ip());
                out.number(3, command.port());
            },
            in -> new PersistentCommand.RemoveInstance(in.message(1, ValueForms.SERVICE_KEY), in.text(2), in.whole(3)));

    static final Form<PersistentCommand.SetHealth> SET_HEALTH = new Form<>(
            "SetHealth",
            (out, command) -> {
                out.message(1, ValueForms.SERVICE_KEY, command.service());
                out.text(2, command.ip());
                out.number(3, command.port());
                out.truth(4, command.healthy());
            },
            in -> new PersistentCommand.SetHealth(
                    in.message(1, ValueForms.SERVICE_KEY), in.text(2), in.whole(3), in.truth(4)));

    static final Form<PersistentCommand.PutService> PUT_SERVICE = new Form<>(
            "PutService",
            (out, command) -> {
                out.message(1, ValueForms.SERVICE_KEY, command.service());
                out.message(2, ValueForms.SERVICE_METADATA, command.metadata());
            },
            in -> new PersistentCommand.PutService(
                    in.message(1, ValueForms.SERVICE_KEY), in.message(2, ValueForms.SERVICE_METADATA)));

    static final Form<PersistentCommand.RemoveService> REMOVE_SERVICE = new Form<>(
            "RemoveService",
            (out, command) -> out.message(1, ValueForms.SERVICE_KEY, command.service()),
            in -> new PersistentCommand.RemoveService(in.message(1, ValueForms.SERVICE_KEY)));

    static final Form<PersistentCommand.PutCluster> PUT_CLUSTER = new Form<>(
            "PutCluster",
            (out, command) -> {
                out.message(1, ValueForms.SERVICE_KEY, command.service());
                out.truth(2, command.ephemeral());
                out.text(3, command.cluster());
                out.message(4, ValueForms.CLUSTER_CONFIG, command.config());
            },
            in -> new PersistentCommand.PutCluster(
                    in.message(1, ValueForms.SERVICE_KEY),
                    in.truth(2),
                    in.text(3),
                    in.message(4, ValueForms.CLUSTER_CONFIG)));

    static final Form<PersistentCommand.PutOverride> PUT_OVERRIDE = new Form<>(
            "PutOverride",
            (out, command) -> {
                out.message(1, ValueForms.SERVICE_KEY, command.service());
                out.message(2, ValueForms.TARGET, command.target());
                out.message(3, ValueForms.OVERRIDE, command.override());
            },
            in -> new PersistentCommand.PutOverride(
                    in.message(1, ValueForms.SERVICE_KEY),
                    in.message(2, ValueForms.TARGET),
                    in.message(3, ValueForms.OVERRIDE)));

    static final Form<PersistentCommand.PatchOverride> PATCH_OVERRIDE = new Form<>(
            "PatchOverride",
            (out, command) -> {
                out.message(1, ValueForms.SERVICE_KEY, command.service());
                out.message(2, ValueForms.TARGET, command.target());
                out.message(3, ValueForms.PATCH, command.patch());
                out.number(4, command.atMillis());
            },
            in -> new PersistentCommand.PatchOverride(
                    in.message(1, ValueForms.SERVICE_KEY),
                    in.message(2, ValueForms.TARGET),
                    in.message(3, ValueForms.PATCH),
                    in.number(4)));

    static final Form<PersistentCommand.MergeMetadata> MERGE_METADATA = new Form<>(
            "MergeMetadata",
            (out, command) -> {
                out.message(1, ValueForms.SERVICE_KEY, command.service());
                out.messages(2, ValueForms.INSTANCE_KEY, command.instances());
                out.pairs(3, command.metadata());
                out.truth(4, command.remove());
                out.number(5, command.atMillis());
            },
            in -> new PersistentCommand.MergeMetadata(
                    in.message(1, ValueForms.SERVICE_KEY),
                    in.messages(2, ValueForms.INSTANCE_KEY),
                    in.pairs(3),
                    in.truth(4),
                    in.number(5)));

    static final Form<PersistentCommand.DropOverrides> DROP_OVERRIDES = new Form<>(
            "DropOverrides",
            (out, command) -> {
                out.message(1, ValueForms.SERVICE_KEY, command.service());
                out.messages(2, ValueForms.TARGET, command.targets());
            },
            in -> new PersistentCommand.DropOverrides(
                    in.message(1, ValueForms.SERVICE_KEY), in.messages(2, ValueForms.TARGET)));

    private static final Form<PersistentCommand.Ended> ENDED = new Form<>(
            "Ended",
            (out, ended) -> {
                out.message(1, ValueForms.TARGET, ended.target());
                out.number(2, ended.setAtMillis());
            },
            in -> new PersistentCommand.Ended(in.message(1, ValueForms.TARGET), in.number(2)));

    static final Form<PersistentCommand.EndOverrides> END_OVERRIDES = new Form<>(
            "EndOverrides",
            (out, command) -> {
                out.message(1, ValueForms.SERVICE_KEY, command.service());
                out.messages(2, ENDED, command.ended());
            },
            in -> new PersistentCommand.EndOverrides(in.message(1, ValueForms.SERVICE_KEY), in.messages(2, ENDED)));

    static final Form<PersistentCommand.PutNamespace> PUT_NAMESPACE = new Form<>(
            "PutNamespace",
            (out, command) -> out.message(1, ValueForms.NAMESPACE, command.namespace()),
            in -> new PersistentCommand.PutNamespace(in.message(1, ValueForms.NAMESPACE)));

    static final Form<PersistentCommand.RemoveNamespace> REMOVE_NAMESPACE = new Form<>(
            "RemoveNamespace",
            (out, command) -> out.text(1, command.id()),
            in -> new PersistentCommand.RemoveNamespace(in.text(1)));

    static final Form<PersistentCommand.SetSwitch> SET_SWITCH = new Form<>(
            "SetSwitch",
            (out, command) -> {
                out.text(1, command.entry());
                out.text(2, command.value());
            },
            in -> new PersistentCommand.SetSwitch(in.text(1), in.text(2)));

    private CommandForms() {}
}
