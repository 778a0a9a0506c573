package org.rotunda.room.serialization;

import com.esotericsoftware.kryo.Serializer;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One row of {@link WireTable}: a class and how it crosses nodes.
 *
 * @param id fixed for ever and never used for another class
 * @param serializer made once for each actor system, of the values it may hold
 */
record WireRow<T>(int id, Class<T> type, Kind kind, Function<ValueSerializers, Serializer<T>> serializer) {
    static final int ID_MIN = 100; // Kryo keeps the first for primitives.

    /** What a class on the wire is for. */
    enum Kind {
        /** Travels by itself, or in the place of an interface: with its id. Has a golden file. */
        MESSAGE,
        /** Travels inside messages, where the component's type says what it is. */
        VALUE
    }

    /** What a record's component has that an older sender did not know of, where its type does not say it. */
    record Missing(String component, Object value) {}

    WireRow {
        if (id < ID_MIN) {
            throw new IllegalArgumentException("ids below " + ID_MIN + " are Kryo's: " + id);
        }
    }

    static <T extends Record> WireRow<T> message(int id, Class<T> type, Missing... missing) {
        return new WireRow<>(id, type, Kind.MESSAGE, values -> ofRecord(type, missing, values));
    }

    /** A message that is no record: one travels in its place. */
    static <T, R extends Record> WireRow<T> message(
            int id, Class<T> type, Class<R> standIn, Function<T, R> to, Function<R, T> from) {
        return new WireRow<>(id, type, Kind.MESSAGE, values -> ofOther(standIn, to, from, values));
    }

    static <T extends Record> WireRow<T> value(int id, Class<T> type, Missing... missing) {
        return new WireRow<>(id, type, Kind.VALUE, values -> ofRecord(type, missing, values));
    }

    /** A value that is no record: one travels in its place. */
    static <T, R extends Record> WireRow<T> value(
            int id, Class<T> type, Class<R> standIn, Function<T, R> to, Function<R, T> from) {
        return new WireRow<>(id, type, Kind.VALUE, values -> ofOther(standIn, to, from, values));
    }

    /** An enum by the names of its values; a name that is not known here refuses the message. */
    static <T extends Enum<T>> WireRow<T> names(int id, Class<T> type) {
        return names(id, type, null);
    }

    /** An enum by the names of its values; a name that is not known here is read as the fallback. */
    static <T extends Enum<T>> WireRow<T> names(int id, Class<T> type, @Nullable T fallback) {
        return new WireRow<>(id, type, Kind.VALUE, values -> new TableSerializers.Names<>(type, fallback));
    }

    private static <T extends Record> Serializer<T> ofRecord(
            Class<T> type, Missing[] missing, ValueSerializers values) {
        Map<String, Object> defaults =
                Arrays.stream(missing).collect(Collectors.toUnmodifiableMap(Missing::component, Missing::value));
        return new RecordSerializer<>(type, defaults, values);
    }

    private static <T, R extends Record> Serializer<T> ofOther(
            Class<R> standIn, Function<T, R> to, Function<R, T> from, ValueSerializers values) {
        return new TableSerializers.InPlace<>(standIn, to, from, new RecordSerializer<>(standIn, Map.of(), values));
    }
}
