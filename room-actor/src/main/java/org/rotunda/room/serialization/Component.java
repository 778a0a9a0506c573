package org.rotunda.room.serialization;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.KryoException;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One component of a record on the wire. Immutable.
 *
 * @param name the name as declared
 * @param tag the number that stands for the name on the wire
 * @param optional true if the component is an {@link Optional}; the wire carries the value inside it, if any
 * @param nullable true if the component may be null
 * @param byDefault the value of a missing component; null if the component has no default
 */
record Component(
        String name,
        int tag,
        Method accessor,
        Class<?> type,
        Serializer<Object> serializer,
        boolean optional,
        boolean nullable,
        @Nullable Object byDefault) {

    static Component of(RecordComponent declared, @Nullable Object declaredDefault, ValueSerializers values) {
        Method accessor = declared.getAccessor();
        accessor.setAccessible(true); // The record may be visible only in its package.
        boolean optional = declared.getType() == Optional.class;
        Type type = optional
                ? ((ParameterizedType) declared.getGenericType()).getActualTypeArguments()[0]
                : declared.getGenericType();
        boolean nullable = declared.getAnnotatedType().isAnnotationPresent(Nullable.class);
        if (nullable && (optional || declaredDefault != null)) {
            // Null is not written. If the default were not null, a reader would get the default in place of null.
            throw new IllegalArgumentException("a nullable component has no other default: " + declared);
        }
        return new Component(
                declared.getName(),
                // The Java API fixes this hash, so it is the same on every node.
                declared.getName().hashCode(),
                accessor,
                ValueSerializers.rawTypeOf(type),
                values.of(type),
                optional,
                nullable,
                declaredDefault != null ? declaredDefault : defaultOf(declared.getType()));
    }

    private static @Nullable Object defaultOf(Class<?> type) {
        return DEFAULTS.get(type);
    }

    private static final Map<Class<?>, Object> DEFAULTS = Map.of(
            int.class,
            0,
            long.class,
            0L,
            double.class,
            0.0,
            boolean.class,
            false,
            List.class,
            List.of(),
            Set.class,
            Set.of(),
            Map.class,
            Map.of(),
            Optional.class,
            Optional.empty());

    /** Returns the value to write; null if the component is left out. */
    @Nullable
    Object presentIn(Record message) {
        Object value = get(message);
        if (value == null && !nullable) {
            throw new KryoException("null is not a value of " + this);
        }
        return optional && value instanceof Optional<?> maybe ? maybe.orElse(null) : value;
    }

    private @Nullable Object get(Record message) {
        try {
            return accessor.invoke(message);
        } catch (ReflectiveOperationException failure) {
            throw new KryoException("cannot read " + this, failure);
        }
    }

    Object read(Kryo kryo, Input input) {
        Object value = Regions.read(kryo, input, type, serializer);
        return optional ? Optional.of(value) : value;
    }

    @Nullable
    Object missing() {
        if (byDefault == null && !nullable) {
            throw new KryoException("missing and without a default: " + this);
        }
        return byDefault;
    }

    @Override
    public String toString() {
        return name + " of " + accessor.getDeclaringClass().getName();
    }
}
