package io.registry.server.peer.codec;

import io.registry.api.model.Instance;
import io.registry.api.model.ServiceKey;
import io.registry.distro.message.DistroMessage;
import io.registry.distro.message.DistroMessage.BucketPart;
import io.registry.distro.message.RecordUpdate;
import io.registry.distro.model.BucketSums;
import io.registry.distro.model.Buckets;
import io.registry.distro.model.Cause;
import io.registry.distro.model.ClientId;
import io.registry.distro.model.ClientKind;
import io.registry.distro.model.DistroRecord;
import io.registry.distro.model.NodeId;
import io.registry.distro.model.NodeState;
import io.registry.distro.model.Stamp;
import io.registry.server.core.client.ClientData;
import io.registry.server.core.client.InstanceBytes;
import io.registry.server.core.client.Publication;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Makes messages of all kinds, the same for the same seed. */
public final class RandomMessages {

    /** How many kinds there are. */
    public static final int KINDS = 5;

    private static final List<NodeState> STATES = List.of(NodeState.LOADING, NodeState.READY, NodeState.SETTLED);
    private static final List<Cause> OF_LIFE = List.of(Cause.PUBLISHED, Cause.HEARD, Cause.LAPSED);
    private static final List<Cause> OF_DEATH =
            List.of(Cause.WITHDRAWN, Cause.DISCONNECTED, Cause.SILENCE, Cause.OMITTED);
    private static final List<String> TEXTS = List.of(
            "", "a", "zone", "Ünï", "\"quoted\"", "line\nbreak", "\u0001", "\\", "日本", "\uD83D\uDE00", "</x>", "0");

    private final Random random;
    private final NodeId sender;
    private final long incarnation;

    /** Begins with a seed. */
    public RandomMessages(long seed, NodeId sender, long incarnation) {
        this.random = new Random(seed);
        this.sender = sender;
        this.incarnation = incarnation;
    }

    /** Returns the next message of a kind. */
    public DistroMessage<ServiceKey, ClientData> next(int kind) {
        return switch (kind) {
            case 0 ->
                new DistroMessage.Digest<>(
                        sender, incarnation, one(STATES), random.nextBoolean(), time(), sums(), buckets());
            case 1 -> new DistroMessage.Resync<>(sender, incarnation, buckets(), random.nextBoolean());
            case 2 ->
                new DistroMessage.BucketSync<>(sender, incarnation, time(), time(), buckets(), some(4, this::part));
            case 3 -> new DistroMessage.Sync<>(sender, incarnation, time(), some(8, this::update));
            case 4 -> new DistroMessage.SyncAck<>(sender, incarnation, time(), time(), some(4, this::want));
            default -> throw new IllegalArgumentException("kind: " + kind);
        };
    }

    private <T> List<T> some(int below, Supplier<T> make) {
        List<T> list = new ArrayList<>();
        for (int i = random.nextInt(below); i > 0; i--) {
            list.add(make.get());
        }
        return list;
    }

    private long time() {
        return random.nextLong() >>> 1 + random.nextInt(62);
    }

    private BucketSums sums() {
        long[] sums = new long[Buckets.COUNT];
        for (int i = 0; i < sums.length; i++) {
            sums[i] = random.nextInt(4) == 0 ? 0 : random.nextLong();
        }
        return BucketSums.of(sums);
    }

    private Buckets buckets() {
        return Buckets.ofWords(random.nextLong(), 0, random.nextLong(), -1);
    }

    private BucketPart<ServiceKey, ClientData> part() {
        int count = 1 + random.nextInt(3);
        return new BucketPart<>(
                random.nextInt(Buckets.COUNT),
                time(),
                random.nextInt(count),
                count,
                some(5, this::update),
                some(3, () -> new DistroMessage.Orphaned(client(), random.nextInt(60_000))));
    }

    private DistroMessage.Want want() {
        return new DistroMessage.Want(client(), random.nextBoolean() ? stamp() : null);
    }

    private RecordUpdate<ServiceKey, ClientData> update() {
        switch (random.nextInt(4)) {
            case 0 -> {
                return new RecordUpdate.Whole<>(record(null, OF_DEATH));
            }
            case 1 -> {
                return new RecordUpdate.Whole<>(record(data(), OF_LIFE));
            }
            case 2 -> {
                int count = 1 + random.nextInt(3);
                return new RecordUpdate.Piece<>(
                        client(),
                        kind(),
                        node(),
                        time(),
                        stamp(),
                        one(OF_LIFE),
                        random.nextBoolean() ? stamp() : null,
                        random.nextInt(count),
                        count,
                        data(),
                        some(3, this::service),
                        random.nextLong());
            }
            default -> {
                return new RecordUpdate.Mention<>(client(), node(), time(), stamp(), random.nextLong());
            }
        }
    }

    private DistroRecord<ClientData> record(@Nullable ClientData data, List<Cause> causes) {
        return new DistroRecord<>(client(), kind(), node(), time(), stamp(), data, one(causes));
    }

    private ClientKind kind() {
        return random.nextBoolean() ? ClientKind.BEAT : ClientKind.CONNECTION;
    }

    private ClientId client() {
        return new ClientId("client-" + random.nextInt(1_000));
    }

    private NodeId node() {
        return random.nextBoolean() ? sender : new NodeId("node-" + random.nextInt(4));
    }

    private Stamp stamp() {
        return new Stamp(time(), time(), random.nextInt(4), node(), time());
    }

    private ServiceKey service() {
        return new ServiceKey("public", "group-" + random.nextInt(3), "service-" + random.nextInt(50));
    }

    private ClientData data() {
        ClientData data = ClientData.EMPTY;
        for (int i = random.nextInt(4); i > 0; i--) {
            ServiceKey service = service();
            List<InstanceBytes> instances = new ArrayList<>();
            for (int j = 1 + random.nextInt(3); j > 0; j--) {
                instances.add(InstanceBytes.of(instance(), service));
            }
            data = data.with(service, Publication.of(instances));
        }
        return data;
    }

    private Instance instance() {
        Instance.Builder instance = Instance.builder("10.0.0." + random.nextInt(256), random.nextInt(65_536))
                .id(random.nextInt(3) == 0 ? "id-" + random.nextInt(9) : "")
                .weight(random.nextInt(3) == 0 ? random.nextDouble() * 10_000 : random.nextInt(100))
                .healthy(random.nextBoolean())
                .enabled(random.nextBoolean())
                .cluster(random.nextBoolean() ? Instance.DEFAULT_CLUSTER : "other");
        for (int i = random.nextInt(4); i > 0; i--) {
            instance.metadata(one(TEXTS) + i, one(TEXTS));
        }
        return instance.build();
    }

    private <T> T one(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }
}
