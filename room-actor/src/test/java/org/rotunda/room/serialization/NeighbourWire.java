package org.rotunda.room.serialization;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.pekko.actor.ExtendedActorSystem;

/**
 * A serializer that writes as a node of a neighbouring version may write, and reads as this version does. Every record
 * has a component that this version does not know. Every component that has its default is left out. A component whose
 * declared default is a record is left out whatever it is, as by a node that does not know it yet. An enum value that
 * means "something unknown" is sent under a name that this version does not know.
 *
 * <p>A node that is configured with {@code pekko.actor.serializers.rotunda-wire = "…NeighbourWire"} sends all its
 * messages so. {@code NeighbourWireTest} shows that this version reads each of them.
 */
public final class NeighbourWire extends WireSerializer {
    /** A name that no component of ours has. */
    private static final int UNKNOWN_TAG = "componentOfTheNextVersion".hashCode();

    private static final String UNKNOWN_NAME = "VALUE_OF_THE_NEXT_VERSION";
    private static final byte[] UNKNOWN_VALUE = {1, 2, 3, 4, 5};

    /** Creates the serializer; called by Pekko. */
    public NeighbourWire(ExtendedActorSystem system) {
        super(system, table());
    }

    static List<WireRow<?>> table() {
        return WireTable.ROWS.stream().<WireRow<?>>map(NeighbourWire::neighbour).toList();
    }

    private static <T> WireRow<T> neighbour(WireRow<T> row) {
        return new WireRow<>(
                row.id(),
                row.type(),
                row.kind(),
                values -> neighbour(row.serializer().apply(values)));
    }

    @SuppressWarnings("unchecked") // The new serializer is for the same class as the old one.
    private static <T> Serializer<T> neighbour(Serializer<T> serializer) {
        if (serializer instanceof RecordSerializer<?> record) {
            return (Serializer<T>) new OtherRecord<>(record);
        }
        if (serializer instanceof TableSerializers.Names<?> names) {
            return (Serializer<T>) new OtherNames<>(names);
        }
        if (serializer instanceof TableSerializers.InPlace<?, ?> inPlace) {
            return (Serializer<T>) inPlace.with(NeighbourWire::neighbour);
        }
        throw new IllegalStateException("no neighbour's form of " + serializer.getClass());
    }

    /** A record without what has its default, and with something unknown. */
    private static final class OtherRecord<T extends Record> extends Serializer<T> {
        private final RecordSerializer<T> ours;

        OtherRecord(RecordSerializer<T> ours) {
            super(false, true);
            this.ours = ours;
        }

        @Override
        public void write(Kryo kryo, Output output, T message) {
            output.writeInt(UNKNOWN_TAG);
            output.writeVarInt(UNKNOWN_VALUE.length, true);
            output.writeBytes(UNKNOWN_VALUE);
            for (Component component : ours.byTag()) {
                Object value = component.presentIn(message);
                boolean isLeftOut = component.byDefault() instanceof Record
                        || (value != null && value.equals(component.byDefault()));
                if (value != null && !isLeftOut) {
                    output.writeInt(component.tag());
                    Regions.write(kryo, output, value, component.serializer());
                }
            }
        }

        @Override
        public T read(Kryo kryo, Input input, Class<? extends T> type) {
            return ours.read(kryo, input, type);
        }
    }

    /** An enum whose value for unknown names is written as a name that only the next version knows. */
    private static final class OtherNames<E extends Enum<E>> extends PlainSerializers.Immutable<E> {
        private final TableSerializers.Names<E> ours;

        OtherNames(TableSerializers.Names<E> ours) {
            this.ours = ours;
        }

        @Override
        public void write(Kryo kryo, Output output, E value) {
            if (value == ours.unknown()) {
                output.writeBytes(UNKNOWN_NAME.getBytes(StandardCharsets.UTF_8));
            } else {
                ours.write(kryo, output, value);
            }
        }

        @Override
        public E read(Kryo kryo, Input input, Class<? extends E> type) {
            return ours.read(kryo, input, type);
        }
    }
}
