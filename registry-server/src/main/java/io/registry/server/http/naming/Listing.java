package io.registry.server.http.naming;

import io.registry.api.model.ServiceKey;
import io.registry.proto.json.ServiceInfoJson;
import io.registry.server.core.persistent.Switches;
import io.registry.server.core.push.HttpSubscriptions;
import io.registry.server.core.service.ReferenceTime;
import io.registry.server.core.service.ServiceAnswer;
import io.registry.server.core.service.ServiceManager;
import io.registry.server.http.Answer;
import io.registry.server.http.HttpCall;

/**
 * The query of a service over HTTP, which is also how 1.x clients subscribe: the answer's hosts are the bytes that all
 * answers and pushes of this revision share.
 */
public final class Listing {

    private final ServiceManager services;
    private final HttpSubscriptions subscriptions;
    private final Switches switches;
    private final ReferenceTime time;
    private final PushAgents agents;

    /** Makes the query. */
    public Listing(ServiceManager services, HttpSubscriptions subscriptions, Switches switches, ReferenceTime time) {
        this.services = services;
        this.subscriptions = subscriptions;
        this.switches = switches;
        this.time = time;
        this.agents = new PushAgents(switches);
    }

    /**
     * Answers with the service object.
     *
     * @param clusters names separated by commas, echoed in the answer; empty for all
     * @param udpPort where the caller listens for pushes, or 0 where it does not
     */
    public Answer answer(
            HttpCall call, ServiceKey service, String clusters, boolean healthyOnly, int udpPort, String app) {
        // Pushes go to the address that the request came from, whatever it names: a caller cannot aim them at others.
        if (udpPort > 0 && udpPort <= 65_535 && switches.pushEnabled() && agents.listens(call.agent())) {
            ServiceAnswer subscribed = call.await(subscriptions.renew(
                    service,
                    clusters,
                    new HttpSubscriptions.Endpoint(call.remoteAddress(), udpPort, call.agent(), app)));
            if (!healthyOnly) {
                return body(subscribed);
            }
        }
        return body(new ServiceAnswer(
                service, clusters, services.viewOrAbsent(service).payload(clusters, healthyOnly), time.now()));
    }

    private Answer body(ServiceAnswer answer) {
        ServiceKey service = answer.service();
        return Answer.json(
                ServiceInfoJson.head(
                        service.groupedName(), service.group(), answer.clusters(), switches.pushCacheMillis()),
                answer.payload().hosts(),
                ServiceInfoJson.tailV1(answer.lastRefTime(), answer.payload().reachProtectionThreshold()));
    }
}
