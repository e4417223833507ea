package io.registry.server.core.push;

/** Is told what pushing does, for figures. On the loop; neither blocks nor throws. */
public interface PushObserver {

    /**
     * A push was handed to a subscriber.
     *
     * @param sinceChangeNanos the time since the change that it carries
     * @param empty whether the list is empty
     */
    void sent(long sinceChangeNanos, boolean empty);

    /**
     * A push is over.
     *
     * @param sinceChangeNanos the time since the change that it carried
     * @param acknowledged false where it was refused or not answered
     */
    void over(long sinceChangeNanos, boolean acknowledged);
}
