package io.registry.server.core.encoding;

import io.registry.api.model.Instance;
import io.registry.api.model.InstanceKey;
import io.registry.api.model.ServiceKey;
import io.registry.server.core.persistent.ClusterConfig;
import io.registry.server.core.persistent.HealthCheck;
import io.registry.server.core.persistent.InstanceOverride;
import io.registry.server.core.persistent.InstancePatch;
import io.registry.server.core.persistent.Namespace;
import io.registry.server.core.persistent.OverrideTarget;
import io.registry.server.core.persistent.Selector;
import io.registry.server.core.persistent.ServiceMetadata;
import java.util.List;
import java.util.Map;

/** The values that commands and snapshots are made of. */
final class ValueForms {

    static final Form<Map.Entry<String, String>> PAIR = new Form<>(
            "Pair",
            (out, pair) -> {
                out.text(1, pair.getKey());
                out.text(2, pair.getValue());
            },
            in -> Map.entry(in.text(1), in.text(2)));

    static final Form<ServiceKey> SERVICE_KEY = new Form<>(
            "ServiceKey",
            (out, key) -> {
                out.text(1, key.namespace());
                out.text(2, key.group());
                out.text(3, key.name());
            },
            in -> new ServiceKey(in.text(1), in.text(2), in.text(3)));

    static final Form<InstanceKey> INSTANCE_KEY = new Form<>(
            "InstanceKey",
            (out, key) -> {
                out.text(1, key.ip());
                out.number(2, key.port());
                out.text(3, key.cluster());
            },
            in -> new InstanceKey(in.text(1), in.whole(2), in.text(3)));

    static final Form<Instance> INSTANCE = new Form<>(
            "Instance",
            (out, instance) -> {
                out.text(1, instance.id());
                out.text(2, instance.ip());
                out.number(3, instance.port());
                out.real(4, instance.weight());
                out.truth(5, instance.healthy());
                out.truth(6, instance.enabled());
                out.truth(7, instance.ephemeral());
                out.text(8, instance.cluster());
                out.pairs(9, instance.metadata());
                out.text(10, instance.service());
            },
            in -> new Instance(
                    in.text(1),
                    in.text(2),
                    in.whole(3),
                    in.real(4),
                    in.truth(5),
                    in.truth(6),
                    in.truth(7),
                    in.text(8),
                    in.pairs(9),
                    in.text(10)));

    static final Form<Selector> SELECTOR = new Form<>(
            "Selector",
            (out, selector) -> {
                out.text(1, selector.type());
                out.text(2, selector.expression());
            },
            in -> new Selector(in.text(1), in.text(2)));

    static final Form<ServiceMetadata> SERVICE_METADATA = new Form<>(
            "ServiceMetadata",
            (out, service) -> {
                out.truth(1, service.ephemeral());
                out.real(2, service.protectThreshold());
                out.pairs(3, service.metadata());
                out.message(4, SELECTOR, service.selector());
            },
            in -> new ServiceMetadata(in.truth(1), (float) in.real(2), in.pairs(3), in.message(4, SELECTOR)));

    /** The kinds of check by their numbers: a new one is appended, none is ever moved. */
    private static final List<HealthCheck.Type> CHECK_TYPES =
            List.of(HealthCheck.Type.TCP, HealthCheck.Type.HTTP, HealthCheck.Type.MYSQL, HealthCheck.Type.NONE);

    static final Form<HealthCheck> HEALTH_CHECK = new Form<>(
            "HealthCheck",
            (out, check) -> {
                out.number(1, CHECK_TYPES.indexOf(check.type()));
                out.text(2, check.path());
                out.text(3, check.headers());
                out.number(4, check.expectedCode());
            },
            in -> new HealthCheck(
                    known("kind of check", CHECK_TYPES, in.whole(1)), in.text(2), in.text(3), in.whole(4)));

    static final Form<ClusterConfig> CLUSTER_CONFIG = new Form<>(
            "ClusterConfig",
            (out, config) -> {
                out.number(1, config.checkPort());
                out.truth(2, config.useInstancePort());
                out.message(3, HEALTH_CHECK, config.check());
                out.pairs(4, config.metadata());
            },
            in -> new ClusterConfig(in.whole(1), in.truth(2), in.message(3, HEALTH_CHECK), in.pairs(4)));

    /** The scopes by their numbers: a new one is appended, none is ever moved. */
    private static final List<OverrideTarget.Scope> SCOPES =
            List.of(OverrideTarget.Scope.INCARNATION, OverrideTarget.Scope.ADDRESS, OverrideTarget.Scope.SERVICE);

    static final Form<OverrideTarget> TARGET = new Form<>(
            "OverrideTarget",
            (out, target) -> {
                out.text(1, target.ip());
                out.number(2, target.port());
                out.text(3, target.cluster());
                out.number(4, SCOPES.indexOf(target.scope()));
            },
            in -> {
                String ip = in.text(1);
                int port = in.whole(2);
                String cluster = in.text(3);
                return new OverrideTarget(known("scope of an override", SCOPES, in.whole(4)), ip, port, cluster);
            });

    static final Form<InstanceOverride> OVERRIDE = new Form<>(
            "InstanceOverride",
            (out, override) -> {
                out.optionalReal(1, override.weight());
                out.optionalTruth(2, override.enabled());
                out.pairs(3, override.metadata());
                out.number(4, override.setAtMillis());
                out.number(5, override.expiresAtMillis());
            },
            in -> new InstanceOverride(
                    in.optionalReal(1), in.optionalTruth(2), in.pairs(3), in.number(4), in.number(5)));

    /** Metadata that are not touched and metadata that become empty are two things. */
    private static final Form<Map<String, String>> METADATA =
            new Form<>("Metadata", (out, metadata) -> out.pairs(1, metadata), in -> in.pairs(1));

    static final Form<InstancePatch> PATCH = new Form<>(
            "InstancePatch",
            (out, patch) -> {
                out.optionalReal(1, patch.weight());
                out.optionalTruth(2, patch.enabled());
                out.optionalMessage(3, METADATA, patch.metadata());
            },
            in -> new InstancePatch(in.optionalReal(1), in.optionalTruth(2), in.optionalMessage(3, METADATA)));

    static final Form<Namespace> NAMESPACE = new Form<>(
            "Namespace",
            (out, namespace) -> {
                out.text(1, namespace.id());
                out.text(2, namespace.name());
                out.text(3, namespace.description());
            },
            in -> new Namespace(in.text(1), in.text(2), in.text(3)));

    private ValueForms() {}

    private static <E> E known(String what, List<E> all, int number) {
        if (number < 0 || number >= all.size()) {
            throw new UnknownFormException(
                    what + ": " + number + " (expected: one that this server knows, 0.." + (all.size() - 1) + ")");
        }
        return all.get(number);
    }
}
