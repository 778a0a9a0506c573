package org.rotunda.room.serialization;

import com.esotericsoftware.kryo.Serializer;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One row of {@link WireTable}: a class, and the way in which it crosses nodes.
 *
 * @param id fixed for ever and never used for another class
 * @param serializer creates the serializer of the class; called once for each actor system
 */
record WireRow<T>(int id, Class<T> type, Kind kind, Function<ValueSerializers, Serializer<T>> serializer) {
    static final int ID_MIN = 100; // The lowest id of a row. Kryo uses lower ids for primitives.

    /** Kinds of classes on the wire. */
    enum Kind {
        /** A class that is written with its id: as a message, or where a component's type is an interface. */
        MESSAGE,
        /** A class that is written without its id, because the type of the component determines the class. */
        VALUE
    }

    /**
     * The default of a component that older senders do not know. Needed only if the component's type implies no
     * default.
     */
    record Missing(String component, Object value) {}

    WireRow {
        if (id < ID_MIN) {
            throw new IllegalArgumentException("ids below " + ID_MIN + " are Kryo's: " + id);
        }
    }

    static <T extends Record> WireRow<T> message(int id, Class<T> type, Missing... missing) {
        return new WireRow<>(id, type, Kind.MESSAGE, values -> ofRecord(type, missing, values));
    }

    /** Returns the row of a message that is not a record. A record is sent in place of the message. */
    static <T, R extends Record> WireRow<T> message(
            int id, Class<T> type, Class<R> standIn, Function<T, R> to, Function<R, T> from) {
        return new WireRow<>(id, type, Kind.MESSAGE, values -> ofOther(standIn, to, from, values));
    }

    static <T extends Record> WireRow<T> value(int id, Class<T> type, Missing... missing) {
        return new WireRow<>(id, type, Kind.VALUE, values -> ofRecord(type, missing, values));
    }

    /** Returns the row of a value that is not a record. A record is sent in place of the value. */
    static <T, R extends Record> WireRow<T> value(
            int id, Class<T> type, Class<R> standIn, Function<T, R> to, Function<R, T> from) {
        return new WireRow<>(id, type, Kind.VALUE, values -> ofOther(standIn, to, from, values));
    }

    /** Returns the row of an enum. Its values are sent as their names. A message with an unknown name is refused. */
    static <T extends Enum<T>> WireRow<T> names(int id, Class<T> type) {
        return names(id, type, null);
    }

    /** Returns the row of an enum. Its values are sent as their names. An unknown name is read as the fallback. */
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
