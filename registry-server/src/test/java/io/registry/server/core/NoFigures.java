package io.registry.server.core;

import io.registry.server.core.push.PushObserver;

/** Looks at no figures. */
final class NoFigures implements PushObserver {

    @Override
    public void sent(long sinceChangeNanos, boolean empty) {}

    @Override
    public void over(long sinceChangeNanos, boolean acknowledged) {}
}
