package org.rotunda.room.serialization;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.KryoException;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Serializers of collections. A collection is written as its elements, each with its length in front ({@link Regions}).
 * There is no count of elements, so no count can be false. Elements of sets and maps are sorted by their bytes, because
 * their order in the collection differs between runs. A collection that was read is unmodifiable and has no nulls.
 */
final class CollectionSerializers {
    /**
     * The greatest number of elements in a collection, far above what any room needs. Without the limit a hostile
     * message of empty elements could take a hundred times its size in memory.
     */
    static final int ELEMENTS_MAX = 16_384;

    // The initial size of the buffer for one element. The buffer grows as needed.
    private static final int PART_BYTES = 64;

    private CollectionSerializers() {}

    /** The type of a collection's elements, and their serializer. */
    record Element(Class<?> type, Serializer<Object> serializer) {
        private void write(Kryo kryo, Output output, Object value) {
            Regions.write(kryo, output, value, serializer);
        }

        private Object read(Kryo kryo, Input input) {
            return Regions.read(kryo, input, type, serializer);
        }
    }

    static final class Lists extends PlainSerializers.Immutable<List<?>> {
        private final Element element;

        Lists(Element element) {
            this.element = element;
        }

        @Override
        public void write(Kryo kryo, Output output, List<?> list) {
            requireSize(list.size());
            list.forEach(each -> element.write(kryo, output, each));
        }

        @Override
        public List<?> read(Kryo kryo, Input input, Class<? extends List<?>> type) {
            List<Object> list = new ArrayList<>();
            while (input.position() < input.limit()) {
                list.add(element.read(kryo, input));
                requireSize(list.size());
            }
            return List.copyOf(list);
        }
    }

    static final class Sets extends PlainSerializers.Immutable<Set<?>> {
        private final Element element;

        Sets(Element element) {
            this.element = element;
        }

        @Override
        public void write(Kryo kryo, Output output, Set<?> set) {
            requireSize(set.size());
            set.stream()
                    .map(each -> apart(part -> element.write(kryo, part, each)))
                    .sorted(Arrays::compareUnsigned)
                    .forEach(output::writeBytes);
        }

        @Override
        public Set<?> read(Kryo kryo, Input input, Class<? extends Set<?>> type) {
            Set<Object> set = new HashSet<>();
            while (input.position() < input.limit()) {
                if (!set.add(element.read(kryo, input))) {
                    throw new KryoException("an element comes twice");
                }
                requireSize(set.size());
            }
            return Set.copyOf(set);
        }
    }

    static final class Maps extends PlainSerializers.Immutable<Map<?, ?>> {
        private final Element keys;
        private final Element values;

        Maps(Element keys, Element values) {
            this.keys = keys;
            this.values = values;
        }

        @Override
        public void write(Kryo kryo, Output output, Map<?, ?> map) {
            requireSize(map.size());
            map.entrySet().stream()
                    .map(each -> apart(part -> {
                        keys.write(kryo, part, each.getKey());
                        values.write(kryo, part, each.getValue());
                    }))
                    .sorted(Arrays::compareUnsigned)
                    .forEach(output::writeBytes);
        }

        @Override
        public Map<?, ?> read(Kryo kryo, Input input, Class<? extends Map<?, ?>> type) {
            Map<Object, Object> map = new HashMap<>();
            while (input.position() < input.limit()) {
                if (map.put(keys.read(kryo, input), values.read(kryo, input)) != null) {
                    throw new KryoException("a key comes twice");
                }
                requireSize(map.size());
            }
            return Map.copyOf(map);
        }
    }

    /** Returns the bytes of one element, so that elements can be sorted. */
    private static byte[] apart(Consumer<Output> write) {
        Output part = new Output(PART_BYTES, WireFormat.MESSAGE_BYTES_MAX);
        write.accept(part);
        return part.toBytes();
    }

    private static void requireSize(int size) {
        if (size > ELEMENTS_MAX) {
            throw new KryoException("more than " + ELEMENTS_MAX + " elements");
        }
    }
}
