package org.rotunda.room.serialization;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.KryoException;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;

/**
 * Reads and writes a value as {@code length (varint), bytes}. Those bytes are the value's region. A serializer that
 * reads the value sees nothing beyond the region. So a false length is refused before memory of that size is allocated,
 * and an unknown value can be skipped. Pure.
 */
final class Regions {
    // The number of bytes that are reserved for a length. Most lengths fit into one byte. If a length needs more bytes,
    // the bytes of the value, which are already written, are shifted.
    private static final int LENGTH_BYTES_GUESS = 1;

    private Regions() {}

    static <V> void write(Kryo kryo, Output output, V value, Serializer<? super V> serializer) {
        int start = output.position();
        output.writeByte(0);
        kryo.writeObject(output, value, serializer);
        int length = output.position() - start - LENGTH_BYTES_GUESS;
        int more = Output.varIntLength(length, true) - LENGTH_BYTES_GUESS;
        for (int i = 0; i < more; i++) {
            output.writeByte(0);
        }
        int end = output.position();
        byte[] buffer = output.getBuffer();
        System.arraycopy(buffer, start + LENGTH_BYTES_GUESS, buffer, start + LENGTH_BYTES_GUESS + more, length);
        output.setPosition(start);
        output.writeVarInt(length, true);
        output.setPosition(end);
    }

    static <V> V read(Kryo kryo, Input input, Class<? extends V> type, Serializer<? super V> serializer) {
        int length = lengthOf(input);
        int outer = input.limit();
        int end = input.position() + length;
        input.setLimit(end);
        @SuppressWarnings("unchecked") // The serializer was chosen by the component's own type.
        V value = (V) kryo.readObject(input, (Class<Object>) type, (Serializer<Object>) serializer);
        if (input.position() != end) {
            throw new KryoException((end - input.position()) + " bytes left over after a value");
        }
        input.setLimit(outer);
        return value;
    }

    static void skip(Input input) {
        int length = lengthOf(input);
        input.setPosition(input.position() + length);
    }

    /** Returns the unread rest of the current region. */
    static byte[] rest(Input input) {
        return input.readBytes(input.limit() - input.position());
    }

    private static int lengthOf(Input input) {
        int length = input.readVarInt(true);
        if (length < 0 || length > input.limit() - input.position()) {
            throw new KryoException("a length exceeds what is left: " + length);
        }
        return length;
    }
}
