package io.registry.server.core.encoding;

import io.registry.server.core.persistent.HealthCheck;
import io.registry.server.core.persistent.OverrideTarget;
import io.registry.server.core.persistent.PersistentCommand;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Commands with random values in every component, found by reflection, so that a new kind or component is in them too. */
public final class RandomCommands {

    private static final List<String> TEXTS =
            List.of("", "a", "b", "c", "public", "10.0.0.1", "größer", "日本", "\n\"{}");

    private static final List<HealthCheck.Type> CHECKS = List.of(HealthCheck.Type.values());

    private static final List<OverrideTarget.Scope> SCOPES = List.of(OverrideTarget.Scope.values());

    private final Random random;

    /** Makes the commands that follow from a seed. */
    public RandomCommands(long seed) {
        this.random = new Random(seed);
    }

    /** Returns all kinds of commands. */
    @SuppressWarnings("unchecked")
    static List<Class<? extends PersistentCommand>> kinds() {
        return Arrays.stream(PersistentCommand.class.getPermittedSubclasses())
                .<Class<? extends PersistentCommand>>map(kind -> (Class<? extends PersistentCommand>) kind)
                .toList();
    }

    /** Returns a command of a random kind. */
    public PersistentCommand next() {
        return next(kinds().get(random.nextInt(kinds().size())));
    }

    /** Returns a command of the given kind. */
    <T extends PersistentCommand> T next(Class<T> kind) {
        return record(kind);
    }

    private <T> T record(Class<T> type) {
        RecordComponent[] components = type.getRecordComponents();
        Class<?>[] types = new Class<?>[components.length];
        Object[] values = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            types[i] = components[i].getType();
            boolean optional = components[i].getAnnotatedType().isAnnotationPresent(Nullable.class);
            values[i] = optional && random.nextInt(3) == 0 ? null : value(types[i], components[i].getGenericType());
        }
        try {
            var constructor = type.getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return constructor.newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(e.getMessage(), e);
        }
    }

    private Object value(Class<?> type, Type generic) {
        if (type == String.class) {
            return text();
        } else if (type == int.class) {
            return random.nextInt(5) == 0 ? random.nextInt() : random.nextInt(3);
        } else if (type == long.class) {
            return random.nextInt(3) == 0 ? random.nextLong() : random.nextInt(3);
        } else if (type == boolean.class || type == Boolean.class) {
            return random.nextBoolean();
        } else if (type == double.class || type == Double.class) {
            return random.nextBoolean() ? random.nextInt(3) : random.nextGaussian();
        } else if (type == float.class) {
            return random.nextFloat();
        } else if (type == HealthCheck.Type.class) {
            return CHECKS.get(random.nextInt(CHECKS.size()));
        } else if (type == OverrideTarget.Scope.class) {
            return SCOPES.get(random.nextInt(SCOPES.size()));
        } else if (type == Map.class) {
            Map<String, String> pairs = new LinkedHashMap<>();
            for (int i = random.nextInt(5); i > 0; i--) {
                pairs.put(text() + random.nextInt(20), text());
            }
            return pairs;
        } else if (type == List.class
                && generic instanceof ParameterizedType list
                && list.getActualTypeArguments()[0] instanceof Class<?> element
                && element.isRecord()) {
            List<Object> values = new ArrayList<>();
            for (int i = random.nextInt(4); i > 0; i--) {
                values.add(record(element));
            }
            return values;
        } else if (type.isRecord()) {
            return record(type);
        }
        throw new AssertionError("no random values of " + generic);
    }

    private String text() {
        return TEXTS.get(random.nextInt(TEXTS.size()));
    }
}
