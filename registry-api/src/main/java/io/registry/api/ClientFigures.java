package io.registry.api;

import java.time.Duration;

/**
 * What a client has done since it was made, counted. Clients of a process that share a connection share these figures.
 *
 * @param connections how many connections to a server have been in use, one after the other; 0 over HTTP
 * @param pushes how many times a server has shown a service by itself; 0 over HTTP
 * @param repetitions how many requests repeated one that had been made before, because a connection was new, an answer had
 *     not come, or the server had forgotten
 * @param refusals how many registrations, subscriptions and watches a server has refused for good reason
 * @param answered how many requests have been answered, with whatever result
 * @param unanswered how many have not, in time or at all
 * @param answerTime how long those that were answered have taken in all
 * @param services how many services are known at the moment
 */
public record ClientFigures(
        long connections,
        long pushes,
        long repetitions,
        long refusals,
        long answered,
        long unanswered,
        Duration answerTime,
        int services) {}
