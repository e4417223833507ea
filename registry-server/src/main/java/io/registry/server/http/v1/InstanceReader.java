package io.registry.server.http.v1;

import io.registry.api.check.Names;
import io.registry.api.error.ErrorCode;
import io.registry.api.error.RegistryException;
import io.registry.api.model.Instance;
import io.registry.api.model.PreservedMetadata;
import io.registry.server.core.persistent.Switches;
import io.registry.server.http.MetadataText;
import java.util.Map;

/** Reads the instance that a v1 call describes, and refuses one that contradicts itself. */
final class InstanceReader {

    private final Switches switches;

    InstanceReader(Switches switches) {
        this.switches = switches;
    }

    Instance read(V1Params params) {
        String ip = params.required("ip");
        int port = params.requiredInteger("port");
        double weight = params.real("weight", 1);
        boolean healthy = params.truth("healthy", true);
        String enabled = params.text("enabled");
        Map<String, String> metadata = MetadataText.parse(params.text("metadata"));
        String cluster = params.cluster();
        Names.checkInstance(weight, cluster, metadata);
        return new Instance(
                "",
                ip,
                port,
                weight,
                healthy,
                enabled == null ? params.truth("enable", true) : V1Params.isTrue(enabled),
                ephemeral(params),
                cluster,
                metadata);
    }

    boolean ephemeral(V1Params params) {
        String ephemeral = params.text("ephemeral");
        return ephemeral == null ? switches.defaultInstanceEphemeral() : V1Params.isTrue(ephemeral);
    }

    /** Refuses an unknown generator of ids the way v1 does: as a failure of the server. */
    static void checkGenerator(Instance instance) {
        String generator = instance.metadata()
                .getOrDefault(PreservedMetadata.INSTANCE_ID_GENERATOR, PreservedMetadata.SIMPLE_GENERATOR);
        if (!generator.isEmpty()
                && !generator.equals(PreservedMetadata.SIMPLE_GENERATOR)
                && !generator.equals(PreservedMetadata.SNOWFLAKE_GENERATOR)) {
            throw new RegistryException(ErrorCode.INTERNAL, "The InstanceIdGenerator type is not found ");
        }
    }
}
