package io.registry.server.http.naming;

import io.registry.api.check.Names;
import io.registry.api.error.ErrorCode;
import io.registry.api.error.RegistryException;
import io.registry.api.model.Instance;
import io.registry.api.model.InstanceKey;
import io.registry.api.model.ServiceKey;
import io.registry.server.core.operate.InstanceOperator;
import io.registry.server.core.persistent.InstancePatch;
import io.registry.server.core.persistent.Switches;
import io.registry.server.http.Answer;
import io.registry.server.http.Envelope;
import io.registry.server.http.FormParams;
import io.registry.server.http.HttpCall;
import io.registry.server.http.MetadataText;
import io.registry.server.http.Numbers;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The writes of instances that v2 and v3 have in common: a form in, an envelope out. */
public final class FormInstances {

    private final InstanceOperator instances;
    private final Switches switches;

    /** Makes the calls. */
    public FormInstances(InstanceOperator instances, Switches switches) {
        this.instances = instances;
        this.switches = switches;
    }

    /** Registers an instance. */
    public Answer register(HttpCall call) {
        FormParams params = new FormParams(call);
        ServiceKey service = params.service();
        call.await(instances.register(call.origin(), service, read(params)));
        return Envelope.OK;
    }

    /** Deregisters an instance. */
    public Answer deregister(HttpCall call) {
        FormParams params = new FormParams(call);
        ServiceKey service = params.service();
        Instance instance = read(params);
        call.await(instances.deregister(call.origin(), service, instance.ip(), instance.port(), instance.ephemeral()));
        return Envelope.OK;
    }

    /** Sets everything that operators may set about an instance. */
    public Answer update(HttpCall call) {
        FormParams params = new FormParams(call);
        ServiceKey service = params.service();
        Instance instance = read(params);
        try {
            call.await(instances.update(
                    service, instance.key(), instance.weight(), instance.enabled(), instance.metadata()));
        } catch (RegistryException e) {
            // Here, and only here, a missing service counts as an error of the instance.
            throw e.code() == ErrorCode.SERVICE_NOT_FOUND
                    ? new RegistryException(ErrorCode.INSTANCE, e.getMessage())
                    : e;
        }
        return Envelope.OK;
    }

    /** Sets what the form names, and leaves the rest as it is. */
    public Answer patch(HttpCall call) {
        FormParams params = new FormParams(call);
        ServiceKey service = params.service();
        InstanceKey key = new InstanceKey(
                params.required("ip"),
                params.requiredInteger("port"),
                params.text("clusterName", Instance.DEFAULT_CLUSTER));
        String enabled = params.text("enabled");
        InstancePatch patch = patch(
                params.text("weight"),
                enabled == null ? null : params.truthOf("enabled", enabled),
                params.text("metadata"));
        call.await(instances.patch(service, key, patch));
        return Envelope.OK;
    }

    /**
     * Reads what is to be set, in all versions; null for what stays as it is.
     *
     * @throws RegistryException where the weight or the metadata cannot be
     */
    public static InstancePatch patch(@Nullable String weight, @Nullable Boolean enabled, @Nullable String metadata) {
        Double wanted = weight == null ? null : Numbers.real(weight);
        if (wanted != null) {
            Names.checkWeight(wanted);
        }
        return new InstancePatch(wanted, enabled, metadata == null ? null : MetadataText.parse(metadata));
    }

    private Instance read(FormParams params) {
        String ip = params.required("ip");
        int port = params.requiredInteger("port");
        double weight = params.real("weight", 1);
        Map<String, String> metadata = MetadataText.parse(params.text("metadata"));
        String cluster = params.text("clusterName", Instance.DEFAULT_CLUSTER);
        Names.checkInstance(weight, cluster, metadata);
        return new Instance(
                "",
                ip,
                port,
                weight,
                params.truth("healthy", true),
                params.truth("enabled", true),
                params.truth("ephemeral", switches.defaultInstanceEphemeral()),
                cluster,
                metadata);
    }
}
