package io.registry.server.http.naming;

import io.registry.api.check.Names;
import io.registry.api.error.ErrorCode;
import io.registry.api.error.RegistryException;
import io.registry.api.model.Instance;
import io.registry.api.model.ServiceKey;
import io.registry.proto.json.Utf8Json;
import io.registry.server.core.operate.BeatAnswer;
import io.registry.server.core.operate.InstanceOperator;
import io.registry.server.http.Answer;
import io.registry.server.http.BeatText;
import io.registry.server.http.HttpCall;
import org.jspecify.annotations.Nullable;

/** Takes in instances, with content or without. */
public final class Beating {

    private final InstanceOperator instances;

    /** Makes the call. */
    public Beating(InstanceOperator instances) {
        this.instances = instances;
    }

    /**
     * Takes in a beat and answers it. What the content says of address and cluster wins over the parameters; the service
     * is that of the request.
     *
     * @param content the JSON of a full beat, or null for a light one
     */
    public Answer answer(
            HttpCall call, ServiceKey service, String ip, int port, String cluster, @Nullable String content) {
        BeatAnswer answer;
        if (content == null) {
            answer = call.await(instances.beat(call.origin(), service, ip, port, null));
        } else {
            BeatText beat = BeatText.parse(content);
            Instance full = beat.instance(
                    beat.ip() == null ? ip : beat.ip(),
                    beat.port() == null ? port : beat.port(),
                    beat.cluster() == null ? cluster : beat.cluster());
            check(beat, full);
            answer = call.await(instances.beat(call.origin(), service, full.ip(), full.port(), full));
        }
        return Answer.json(new Utf8Json(80)
                .beginObject()
                .field("clientBeatInterval", answer.intervalMillis())
                .field("code", answer.code())
                .field("lightBeatEnabled", answer.light())
                .endObject()
                .toBytes());
    }

    private static void check(BeatText beat, Instance full) {
        if (!beat.ephemeral()) {
            throw new RegistryException(
                    ErrorCode.INVALID_PARAMETER,
                    "beat: ephemeral=false (expected: true; persistent instances do not beat)");
        }
        if (full.ip().isEmpty()) {
            throw new RegistryException(ErrorCode.MISSING_PARAMETER, "Param 'ip' is required.");
        }
        Names.checkInstance(full.weight(), full.cluster(), full.metadata());
    }
}
