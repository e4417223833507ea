package io.registry.distro.offence.other;

import io.registry.distro.offence.Offender;
import org.jspecify.annotations.Nullable;

/** Closes a cycle between two packages. */
public final class Accomplice {

    @Nullable
    Offender chief;
}
