package io.registry.distro.port;

/** Something that was asked for and may no longer be wanted. */
@FunctionalInterface
public interface Cancellable {

    /** Takes the request back. Has no effect when it has been done, or taken back, already. */
    void cancel();
}
