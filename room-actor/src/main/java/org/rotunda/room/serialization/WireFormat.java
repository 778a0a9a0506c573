package org.rotunda.room.serialization;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Registration;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.KryoBufferOverflowException;
import com.esotericsoftware.kryo.io.Output;
import com.esotericsoftware.kryo.util.Pool;
import java.io.NotSerializableException;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.pekko.actor.typed.ActorRefResolver;

/**
 * Writes the messages of one table as bytes and reads them back, with Kryo. Bytes that are not a message of the table
 * are refused with a {@link NotSerializableException}. Reading takes memory in proportion to the number of bytes. Safe
 * on any thread.
 */
final class WireFormat {
    /**
     * The greatest size of a message in bytes: an Artery frame (2 MiB) less 64 KiB for what Pekko adds, such as sender,
     * recipient, and wrappers of the message.
     */
    static final int MESSAGE_BYTES_MAX = (2 << 20) - (64 << 10);

    /** The greatest nesting of objects and collections. Our messages have at most twelve levels. */
    static final int DEPTH_MAX = 32;

    // The initial size of the buffer for one message. The buffer grows as needed.
    private static final int BUFFER_BYTES = 512;

    private final Map<Class<?>, Entry<?>> byType;
    private final Map<Integer, Entry<?>> byId;
    private final Pool<Kryo> kryos;

    /** @throws IllegalArgumentException if the table has a class or an id twice, or lacks a class that a row needs */
    WireFormat(List<WireRow<?>> table, ActorRefResolver references) {
        Map<Class<?>, WireRow<?>> types = unique(table, WireRow::type);
        ValueSerializers values = new ValueSerializers(references, types::containsKey);
        List<Entry<?>> entries =
                table.stream().<Entry<?>>map(row -> Entry.of(row, values)).toList();
        byType = unique(entries, entry -> entry.row().type());
        byId = unique(entries, entry -> entry.row().id());
        kryos = new Pool<>(true, false) {
            @Override
            protected Kryo create() {
                return newKryo(entries);
            }
        };
    }

    private static <K, V> Map<K, V> unique(List<V> list, Function<V, K> key) {
        return list.stream().collect(Collectors.toUnmodifiableMap(key, Function.identity(), (one, other) -> {
            throw new IllegalArgumentException("twice in the table: " + key.apply(one));
        }));
    }

    /** Creates a Kryo. Only one thread at a time uses a Kryo. All Kryos share the serializers. */
    private static Kryo newKryo(List<Entry<?>> entries) {
        Kryo kryo = new Kryo();
        kryo.setRegistrationRequired(true);
        kryo.setReferences(false);
        kryo.setMaxDepth(DEPTH_MAX);
        entries.forEach(entry -> kryo.register(new Registration(
                entry.row().type(), entry.serializer(), entry.row().id())));
        return kryo;
    }

    /**
     * Returns the id that stands for the class of a message on every node.
     *
     * @throws IllegalArgumentException if messages of this class do not cross nodes
     */
    int idOf(Object message) {
        return entryOf(message).row().id();
    }

    /**
     * Returns a message's bytes.
     *
     * @throws IllegalArgumentException if the message cannot cross nodes, or is too large
     */
    byte[] write(Object message) {
        Entry<?> entry = entryOf(message);
        Output output = new Output(BUFFER_BYTES, MESSAGE_BYTES_MAX);
        Kryo kryo = kryos.obtain();
        try {
            kryo.writeObject(output, message, entry.serializer());
        } catch (KryoBufferOverflowException overflow) {
            throw new IllegalArgumentException(
                    message.getClass().getName() + " is larger than " + MESSAGE_BYTES_MAX + " bytes", overflow);
        } catch (RuntimeException failure) {
            throw new IllegalArgumentException(
                    "cannot write " + message.getClass().getName(), failure);
        } finally {
            kryos.free(kryo);
        }
        return output.toBytes();
    }

    Object read(int id, byte[] bytes) throws NotSerializableException {
        Entry<?> entry = byId.get(id);
        if (entry == null || entry.row().kind() != WireRow.Kind.MESSAGE) {
            throw new NotSerializableException("not a message that this node knows: " + id);
        }
        if (bytes.length > MESSAGE_BYTES_MAX) {
            throw new NotSerializableException("larger than " + MESSAGE_BYTES_MAX + " bytes: " + bytes.length);
        }
        Kryo kryo = kryos.obtain();
        try {
            return kryo.readObject(new Input(bytes), entry.row().type(), entry.serializer());
        } catch (RuntimeException refusal) { // A record's constructor may throw any exception.
            NotSerializableException reason = new NotSerializableException(
                    "not a valid " + entry.row().type().getName() + ": " + refusal.getMessage());
            reason.initCause(refusal);
            throw reason;
        } finally {
            kryos.free(kryo);
        }
    }

    private Entry<?> entryOf(Object message) {
        Entry<?> entry = byType.get(message.getClass());
        if (entry == null || entry.row().kind() != WireRow.Kind.MESSAGE) {
            throw new IllegalArgumentException(message.getClass().getName()
                    + " is no message that crosses nodes; if it should be, give it a row in WireTable");
        }
        return entry;
    }

    /** A row and its serializer in this actor system. */
    private record Entry<T>(WireRow<T> row, Serializer<T> serializer) {
        private static <T> Entry<T> of(WireRow<T> row, ValueSerializers values) {
            return new Entry<>(row, row.serializer().apply(values));
        }
    }
}
