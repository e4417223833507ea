package io.registry.distro.offence;

import com.tngtech.archunit.lang.ArchRule;
import io.registry.distro.offence.other.Accomplice;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Does what no class of the module may do. */
public final class Offender {

    static @Nullable Offender instance;

    @Nullable
    ArchRule foreign;

    final Accomplice accomplice = new Accomplice();

    static @Nullable Offender getInstance() {
        return instance;
    }

    Map<String, Object> offences() {
        Map<String, Object> offences = new HashMap<>(Map.of("random", UUID.randomUUID()));
        offences.put("now", Instant.now());
        offences.put("millis", System.currentTimeMillis());
        return offences;
    }
}
