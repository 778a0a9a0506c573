package org.rotunda.room.serialization;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.KryoException;
import com.esotericsoftware.kryo.Registration;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Serializers of values whose class is in {@link WireTable}. For records see {@link RecordSerializer}. */
final class TableSerializers {
    private TableSerializers() {}

    @SuppressWarnings("unchecked") // The serializer is only used for values of the registered class.
    private static Serializer<Object> of(Registration registration) {
        return (Serializer<Object>) registration.getSerializer();
    }

    /**
     * Values whose declared type is one class of the table. The serializer of that class is looked up at every use,
     * because it may not exist yet when this object is created: a record may contain another record of its own class.
     */
    static final class Registered extends PlainSerializers.Immutable<Object> {
        private final Class<?> type;

        Registered(Class<?> type) {
            this.type = type;
        }

        @Override
        public void write(Kryo kryo, Output output, Object value) {
            of(kryo.getRegistration(type)).write(kryo, output, value);
        }

        @Override
        public Object read(Kryo kryo, Input input, Class<?> ignored) {
            return of(kryo.getRegistration(type)).read(kryo, input, type);
        }
    }

    /** Values of a sealed interface, as the id of their class followed by the value. */
    static final class OneOf extends PlainSerializers.Immutable<Object> {
        private final Class<?> family;

        OneOf(Class<?> family) {
            this.family = family;
        }

        @Override
        public void write(Kryo kryo, Output output, Object value) {
            Registration registration = kryo.getRegistration(value.getClass());
            output.writeVarInt(registration.getId(), true);
            of(registration).write(kryo, output, value);
        }

        @Override
        public Object read(Kryo kryo, Input input, Class<?> ignored) {
            int id = input.readVarInt(true);
            Registration registration = kryo.getRegistration(id);
            if (registration == null || !family.isAssignableFrom(registration.getType())) {
                throw new KryoException("not a " + family.getName() + " that this node knows: " + id);
            }
            Class<?> type = registration.getType();
            return of(registration).read(kryo, input, type);
        }
    }

    /** Values of an enum, as their names. */
    static final class Names<E extends Enum<E>> extends PlainSerializers.Immutable<E> {
        private final Class<E> type;
        private final @Nullable E unknown;
        private final Map<String, E> values;

        /** @param unknown the value that is read for an unknown name; null to refuse such a name */
        Names(Class<E> type, @Nullable E unknown) {
            this.type = type;
            this.unknown = unknown;
            this.values =
                    Arrays.stream(type.getEnumConstants()).collect(Collectors.toMap(Enum::name, Function.identity()));
        }

        /** Returns the value that is read for an unknown name; null if such a name is refused. */
        @Nullable
        E unknown() {
            return unknown;
        }

        @Override
        public void write(Kryo kryo, Output output, E value) {
            output.writeBytes(value.name().getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public E read(Kryo kryo, Input input, Class<? extends E> ignored) {
            E value = values.getOrDefault(new String(Regions.rest(input), StandardCharsets.UTF_8), unknown);
            if (value == null) {
                throw new KryoException("not a " + type.getName() + " that this node knows");
            }
            return value;
        }
    }

    /** Serializes a class that is not a record. Each value is converted to a record, and the record is sent. */
    static final class InPlace<T, R extends Record> extends PlainSerializers.Immutable<T> {
        private final Class<R> type;
        private final Function<T, R> to;
        private final Function<R, T> from;
        private final Serializer<R> record;

        InPlace(Class<R> type, Function<T, R> to, Function<R, T> from, Serializer<R> record) {
            this.type = type;
            this.to = to;
            this.from = from;
            this.record = record;
        }

        /** Returns the serializer that writes and reads the record in another way. */
        InPlace<T, R> with(UnaryOperator<Serializer<R>> change) {
            return new InPlace<>(type, to, from, change.apply(record));
        }

        @Override
        public void write(Kryo kryo, Output output, T value) {
            record.write(kryo, output, to.apply(value));
        }

        @Override
        public T read(Kryo kryo, Input input, Class<? extends T> ignored) {
            return from.apply(record.read(kryo, input, type));
        }
    }
}
