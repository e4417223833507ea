package io.registry.proto.codec;

import io.registry.api.model.ServiceKey;
import io.registry.proto.payload.AwaitSubscribersRequest;
import io.registry.proto.payload.BatchInstanceRequest;
import io.registry.proto.payload.InstanceRequest;
import io.registry.proto.payload.PersistentInstanceRequest;
import io.registry.proto.payload.ServiceListRequest;
import io.registry.proto.payload.ServiceQueryRequest;
import io.registry.proto.payload.SubscribeServiceRequest;
import io.registry.proto.payload.WireInstance;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the bodies of requests about a service. They share most of their properties, and no property means two things,
 * so one pass reads whatever is there and the request is made of what its type has.
 *
 * <p><b>Threading</b>: for one thread and one body.
 */
final class NamingBodies {

    private String namespace = "";
    private String serviceName = "";
    private String groupName = "";
    private String operation = "";
    private @Nullable WireInstance instance;
    private List<WireInstance> instances = List.of();
    private String cluster = "";
    private String clusters = "";
    private boolean healthyOnly;
    private boolean subscribe;
    private int pageNo;
    private int pageSize;
    private int timeoutMillis;

    private NamingBodies() {}

    static NamingBodies read(BodyParser body) throws MalformedBodyException {
        NamingBodies read = new NamingBodies();
        body.enterObject();
        for (String name = body.nextProperty(); name != null; name = body.nextProperty()) {
            read.property(body, name);
        }
        if (read.namespace.isBlank()) {
            read.namespace = ServiceKey.DEFAULT_NAMESPACE;
        }
        if (read.groupName.isBlank()) {
            read.groupName = ServiceKey.DEFAULT_GROUP;
        }
        return read;
    }

    private void property(BodyParser body, String name) throws MalformedBodyException {
        switch (name) {
            case "namespace" -> namespace = body.string();
            case "serviceName" -> serviceName = body.string();
            case "groupName" -> groupName = body.string();
            case "type" -> operation = body.string();
            case "instance" -> instance = body.isNull() ? null : instance(body);
            case "instances" -> instances = instances(body);
            case "cluster" -> cluster = body.string();
            case "clusters" -> clusters = body.string();
            case "healthyOnly" -> healthyOnly = body.bool();
            case "subscribe" -> subscribe = body.bool();
            case "pageNo" -> pageNo = body.integer();
            case "pageSize" -> pageSize = body.integer();
            case "timeoutMillis" -> timeoutMillis = body.integer();
            default -> body.skip();
        }
    }

    private static List<WireInstance> instances(BodyParser body) throws MalformedBodyException {
        List<WireInstance> instances = new ArrayList<>();
        if (body.enterArray()) {
            while (body.nextElement()) {
                instances.add(instance(body));
            }
        }
        return Collections.unmodifiableList(instances);
    }

    static WireInstance instance(BodyParser body) throws MalformedBodyException {
        String instanceId = null;
        String ip = "";
        int port = 0;
        double weight = 1.0;
        boolean healthy = true;
        boolean enabled = true;
        boolean ephemeral = true;
        String clusterName = null;
        String serviceName = null;
        Map<String, String> metadata = Map.of();
        body.enterObject();
        for (String name = body.nextProperty(); name != null; name = body.nextProperty()) {
            switch (name) {
                case "instanceId" -> instanceId = body.nonEmpty();
                case "ip" -> ip = body.string();
                case "port" -> port = body.integer();
                case "weight" -> weight = body.decimal();
                case "healthy" -> healthy = body.bool();
                case "enabled" -> enabled = body.bool();
                case "ephemeral" -> ephemeral = body.bool();
                case "clusterName" -> clusterName = body.nonEmpty();
                case "serviceName" -> serviceName = body.nonEmpty();
                case "metadata" -> metadata = body.strings();
                default -> body.skip();
            }
        }
        return new WireInstance(
                instanceId, ip, port, weight, healthy, enabled, ephemeral, clusterName, serviceName, metadata);
    }

    InstanceRequest toInstance() {
        return new InstanceRequest(namespace, serviceName, groupName, operation, instance);
    }

    PersistentInstanceRequest toPersistent() {
        return new PersistentInstanceRequest(namespace, serviceName, groupName, operation, instance);
    }

    BatchInstanceRequest toBatch() {
        return new BatchInstanceRequest(namespace, serviceName, groupName, operation, instances);
    }

    ServiceQueryRequest toQuery() {
        return new ServiceQueryRequest(namespace, serviceName, groupName, cluster, healthyOnly);
    }

    SubscribeServiceRequest toSubscribe() {
        return new SubscribeServiceRequest(namespace, serviceName, groupName, subscribe, clusters);
    }

    AwaitSubscribersRequest toAwait() {
        return new AwaitSubscribersRequest(namespace, serviceName, groupName, timeoutMillis);
    }

    ServiceListRequest toList() {
        return new ServiceListRequest(namespace, serviceName, groupName, pageNo, pageSize);
    }
}
