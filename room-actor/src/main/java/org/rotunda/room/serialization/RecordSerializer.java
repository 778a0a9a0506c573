package org.rotunda.room.serialization;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.KryoException;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Writes a record as its components, each as {@code tag (4 bytes), length (varint), value}. An absent value (null, an
 * empty {@code Optional}) is not written. A component that the input lacks gets its default. A component that only the
 * input has is skipped. So records can gain, lose and reorder components while old and new nodes talk.
 *
 * <p>The tag is the hash of the component's name. So records need no annotations, and two code branches cannot assign
 * the same number twice. A renamed component is a new component. If two names of one record have the same hash, the
 * record is refused when the table is built. The chance that a new name has the hash of a removed name is one in four
 * billion.
 *
 * <p>Components are written in the order of their tags, so equal records give the same bytes. Immutable, safe on any
 * thread.
 */
final class RecordSerializer<T extends Record> extends Serializer<T> {
    private final Class<T> type;
    private final Constructor<T> constructor;
    private final List<Component> components;
    private final List<Component> byTag;
    private final Map<Integer, Integer> indexes = new HashMap<>();

    /** @param defaults the defaults of components whose type implies no default, by component name */
    RecordSerializer(Class<T> type, Map<String, Object> defaults, ValueSerializers values) {
        super(false, true);
        this.type = type;
        RecordComponent[] declared = type.getRecordComponents();
        this.components = Arrays.stream(declared)
                .map(each -> Component.of(each, defaults.get(each.getName()), values))
                .toList();
        this.byTag = components.stream()
                .sorted(Comparator.comparingInt(Component::tag))
                .toList();
        IntStream.range(0, declared.length).forEach(index -> register(index, components.get(index)));
        defaults.keySet().forEach(this::requireComponent);
        this.constructor = canonicalConstructor(type, declared);
    }

    private void register(int index, Component component) {
        Integer other = indexes.put(component.tag(), index);
        if (other != null) {
            throw new IllegalArgumentException("the tags of two components are equal, rename one: " + component.name()
                    + " and " + components.get(other).name() + " of " + type);
        }
    }

    private void requireComponent(String name) {
        if (components.stream().noneMatch(each -> each.name().equals(name))) {
            throw new IllegalArgumentException(
                    "a default for a component that does not exist: " + name + " of " + type);
        }
    }

    private static <T> Constructor<T> canonicalConstructor(Class<T> type, RecordComponent[] components) {
        try {
            Constructor<T> constructor = type.getDeclaredConstructor(
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
            constructor.setAccessible(true); // The record may be visible only in its package.
            return constructor;
        } catch (NoSuchMethodException impossible) {
            throw new IllegalStateException("a record without its constructor: " + type, impossible);
        }
    }

    /** Returns the components in the order in which they are written. */
    List<Component> byTag() {
        return byTag;
    }

    @Override
    public void write(Kryo kryo, Output output, T message) {
        for (Component component : byTag) {
            Object value = component.presentIn(message);
            if (value != null) {
                output.writeInt(component.tag());
                Regions.write(kryo, output, value, component.serializer());
            }
        }
    }

    @Override
    public T read(Kryo kryo, Input input, Class<? extends T> ignored) {
        @Nullable Object[] values = new @Nullable Object[components.size()];
        while (input.position() < input.limit()) {
            Integer index = indexes.get(input.readInt());
            if (index == null) {
                Regions.skip(input);
                continue;
            }
            Component component = components.get(index);
            if (values[index] != null) {
                throw new KryoException("a component comes twice: " + component.name() + " of " + type);
            }
            values[index] = component.read(kryo, input);
        }
        for (int index = 0; index < values.length; index++) {
            if (values[index] == null) {
                values[index] = components.get(index).missing();
            }
        }
        return construct(values);
    }

    private T construct(@Nullable Object[] values) {
        try {
            return constructor.newInstance(values);
        } catch (InvocationTargetException refused) {
            // The record's constructor checks the components and has refused them.
            throw new KryoException("not a valid " + type, refused.getCause());
        } catch (ReflectiveOperationException impossible) {
            throw new IllegalStateException("cannot construct " + type, impossible);
        }
    }
}
