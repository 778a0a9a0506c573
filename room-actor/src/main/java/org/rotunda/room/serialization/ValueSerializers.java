package org.rotunda.room.serialization;

import com.esotericsoftware.kryo.Serializer;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;

/**
 * Chooses the serializer of a record component by its declared type, never by the class of its value. For example,
 * every kind of list is written in the same way. A type that is not listed here cannot be sent. Immutable, safe on any
 * thread.
 */
final class ValueSerializers {
    private final Predicate<Class<?>> registered;
    private final Map<Class<?>, Serializer<?>> plain;

    /** @param registered tells whether a class is in the table */
    ValueSerializers(ActorRefResolver references, Predicate<Class<?>> registered) {
        this.registered = registered;
        this.plain = Map.ofEntries(
                Map.entry(int.class, new PlainSerializers.Ints()),
                Map.entry(Integer.class, new PlainSerializers.Ints()),
                Map.entry(long.class, new PlainSerializers.Longs()),
                Map.entry(Long.class, new PlainSerializers.Longs()),
                Map.entry(double.class, new PlainSerializers.Doubles()),
                Map.entry(Double.class, new PlainSerializers.Doubles()),
                Map.entry(boolean.class, new PlainSerializers.Booleans()),
                Map.entry(Boolean.class, new PlainSerializers.Booleans()),
                Map.entry(String.class, new PlainSerializers.Strings()),
                Map.entry(byte[].class, new PlainSerializers.Bytes()),
                Map.entry(Instant.class, new PlainSerializers.Instants()),
                Map.entry(Duration.class, new PlainSerializers.Durations()),
                Map.entry(ActorRef.class, new PlainSerializers.References(references)));
    }

    @SuppressWarnings("unchecked") // A serializer is only used for values of the type for which it was chosen.
    Serializer<Object> of(Type type) {
        return (Serializer<Object>) choose(type);
    }

    private Serializer<?> choose(Type type) {
        Class<?> raw = rawTypeOf(type);
        Serializer<?> known = plain.get(raw);
        if (known != null) {
            return known;
        }
        if (raw == List.class) {
            return new CollectionSerializers.Lists(elementOf(type, 0));
        }
        if (raw == Set.class) {
            return new CollectionSerializers.Sets(elementOf(type, 0));
        }
        if (raw == Map.class) {
            return new CollectionSerializers.Maps(elementOf(type, 0), elementOf(type, 1));
        }
        if (raw.isInterface() && raw.isSealed()) {
            return new TableSerializers.OneOf(raw);
        }
        if (registered.test(raw)) {
            return new TableSerializers.Registered(raw);
        }
        throw new IllegalArgumentException("not in the table, and nothing that can cross nodes: " + type);
    }

    private CollectionSerializers.Element elementOf(Type collection, int argument) {
        Type type = ((ParameterizedType) collection).getActualTypeArguments()[argument];
        return new CollectionSerializers.Element(rawTypeOf(type), of(type));
    }

    static Class<?> rawTypeOf(Type type) {
        if (type instanceof Class<?> plain) {
            return plain;
        }
        if (type instanceof ParameterizedType generic && generic.getRawType() instanceof Class<?> raw) {
            return raw;
        }
        throw new IllegalArgumentException("a type that the wire cannot know: " + type);
    }
}
