package org.rotunda.room.serialization;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.KryoException;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;

/**
 * Serializers of simple values. Each value is read from its own region ({@link Regions}). The caller refuses the value
 * if bytes of the region are left over.
 *
 * <p>Kryo's own serializers are not used, because some of them trust a length without comparing it with the number of
 * bytes that are there.
 */
final class PlainSerializers {
    /** The character that a decoder writes in place of malformed bytes. */
    private static final char REPLACEMENT = '\uFFFD';

    private PlainSerializers() {}

    /** Integers, as zigzag varints of 1 to 5 bytes. */
    static final class Ints extends Immutable<Integer> {
        @Override
        public void write(Kryo kryo, Output output, Integer value) {
            output.writeVarInt(value, false);
        }

        @Override
        public Integer read(Kryo kryo, Input input, Class<? extends Integer> type) {
            return input.readVarInt(false);
        }
    }

    /** Longs, as zigzag varints of 1 to 9 bytes. */
    static final class Longs extends Immutable<Long> {
        @Override
        public void write(Kryo kryo, Output output, Long value) {
            output.writeVarLong(value, false);
        }

        @Override
        public Long read(Kryo kryo, Input input, Class<? extends Long> type) {
            return input.readVarLong(false);
        }
    }

    /** Doubles, as 8 bytes (IEEE 754). */
    static final class Doubles extends Immutable<Double> {
        @Override
        public void write(Kryo kryo, Output output, Double value) {
            output.writeDouble(value);
        }

        @Override
        public Double read(Kryo kryo, Input input, Class<? extends Double> type) {
            return input.readDouble();
        }
    }

    /** Booleans, as one byte, 0 or 1. */
    static final class Booleans extends Immutable<Boolean> {
        @Override
        public void write(Kryo kryo, Output output, Boolean value) {
            output.writeByte(value ? 1 : 0);
        }

        @Override
        public Boolean read(Kryo kryo, Input input, Class<? extends Boolean> type) {
            int value = input.readByte();
            if (value >>> 1 != 0) {
                throw new KryoException("neither true nor false: " + value);
            }
            return value == 1;
        }
    }

    /**
     * Strings, as UTF-8. A lone surrogate, which valid text does not contain, is written as a question mark. Bytes that
     * are not UTF-8 are refused: the text would be longer than they are when it is written again.
     */
    static final class Strings extends Immutable<String> {
        @Override
        public void write(Kryo kryo, Output output, String value) {
            output.writeBytes(value.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public String read(Kryo kryo, Input input, Class<? extends String> type) {
            byte[] bytes = Regions.rest(input);
            String text = new String(bytes, StandardCharsets.UTF_8);
            // Only a text with this character can come from other bytes than its own.
            if (text.indexOf(REPLACEMENT) >= 0 && !Arrays.equals(text.getBytes(StandardCharsets.UTF_8), bytes)) {
                throw new KryoException("text that is not UTF-8");
            }
            return text;
        }
    }

    static final class Bytes extends Immutable<byte[]> {
        @Override
        public void write(Kryo kryo, Output output, byte[] value) {
            output.writeBytes(value);
        }

        @Override
        public byte[] read(Kryo kryo, Input input, Class<? extends byte[]> type) {
            return Regions.rest(input);
        }
    }

    /** Instants, as seconds since 1970 (zigzag varint) and nanoseconds (varint). */
    static final class Instants extends Immutable<Instant> {
        @Override
        public void write(Kryo kryo, Output output, Instant value) {
            output.writeVarLong(value.getEpochSecond(), false);
            output.writeVarInt(value.getNano(), true);
        }

        @Override
        public Instant read(Kryo kryo, Input input, Class<? extends Instant> type) {
            return Instant.ofEpochSecond(input.readVarLong(false), input.readVarInt(true));
        }
    }

    /** Durations, as seconds (zigzag varint) and nanoseconds (varint). */
    static final class Durations extends Immutable<Duration> {
        @Override
        public void write(Kryo kryo, Output output, Duration value) {
            output.writeVarLong(value.getSeconds(), false);
            output.writeVarInt(value.getNano(), true);
        }

        @Override
        public Duration read(Kryo kryo, Input input, Class<? extends Duration> type) {
            return Duration.ofSeconds(input.readVarLong(false), input.readVarInt(true));
        }
    }

    /** References to actors, as addresses in the cluster. */
    static final class References extends Immutable<ActorRef<?>> {
        private final ActorRefResolver resolver;

        References(ActorRefResolver resolver) {
            this.resolver = resolver;
        }

        @Override
        public void write(Kryo kryo, Output output, ActorRef<?> value) {
            output.writeBytes(resolver.toSerializationFormat(value).getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public ActorRef<?> read(Kryo kryo, Input input, Class<? extends ActorRef<?>> type) {
            return resolver.resolveActorRef(new String(Regions.rest(input), StandardCharsets.UTF_8));
        }
    }

    /** The base class of these serializers. Their values are never null and need no copy. */
    abstract static class Immutable<V> extends Serializer<V> {
        Immutable() {
            super(false, true);
        }
    }
}
