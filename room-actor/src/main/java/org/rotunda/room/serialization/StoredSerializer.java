package org.rotunda.room.serialization;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.KeyDeserializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.deser.std.StringDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import java.io.IOException;
import java.io.NotSerializableException;
import java.io.Serial;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.serialization.SerializerWithStringManifest;
import org.apache.pekko.serialization.jackson.JacksonObjectMapperProvider;
import org.jspecify.annotations.Nullable;
import org.rotunda.room.protocol.RoomSerializable;

/**
 * The serializer of everything that rooms store. It writes Jackson CBOR. The manifest of a value is the name of its
 * type in {@link StoredTypes}. Pekko's own Jackson serializer would store class names. Safe on any thread.
 */
public final class StoredSerializer extends SerializerWithStringManifest {
    /** The number of this serializer, fixed for ever because every stored row contains it. */
    static final int IDENTIFIER = 8_202;

    private static final String HALF_OF_A_PAIR = "half of a surrogate pair";

    private final ObjectMapper cbor;

    /** Creates the serializer; called by Pekko. */
    public StoredSerializer(ExtendedActorSystem system) {
        cbor = JacksonObjectMapperProvider.get(system)
                .getOrCreate("jackson-cbor", Optional.of(new CBORFactory()))
                .copy()
                .registerModule(new SimpleModule()
                        .addDeserializer(String.class, new Texts())
                        .addKeyDeserializer(String.class, new Keys()));
    }

    @Override
    public int identifier() {
        return IDENTIFIER;
    }

    @Override
    public String manifest(Object stored) {
        String name = StoredTypes.nameOf(stored.getClass());
        if (name == null) {
            throw new IllegalArgumentException(stored.getClass().getName() + " has no row in StoredTypes");
        }
        return name;
    }

    @Override
    public byte[] toBinary(Object stored) {
        // This call throws an exception if the type has no name, because the stored value could not be read again.
        manifest(stored);
        try {
            return cbor.writeValueAsBytes(stored);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    "cannot be stored: " + stored.getClass().getName(), e);
        }
    }

    @Override
    public Object fromBinary(byte[] bytes, String manifest) throws NotSerializableException {
        Class<? extends RoomSerializable> type = StoredTypes.typeOf(manifest);
        if (type == null) {
            throw new NotSerializableException("stored by a newer release: no type is named \"" + manifest + "\"");
        }
        Object read;
        try {
            read = cbor.readValue(bytes, type);
        } catch (IOException e) {
            NotSerializableException unreadable =
                    new NotSerializableException("unreadable bytes of \"" + manifest + "\": " + e.getMessage());
            unreadable.initCause(e);
            throw unreadable;
        }
        if (read == null) {
            throw new NotSerializableException("unreadable bytes of \"" + manifest + "\": a CBOR null");
        }
        return read;
    }

    /**
     * Reads texts. A text with half of a surrogate pair is refused. Jackson's CBOR parser accepts the bytes of such a
     * text, but its generator cannot write it, so the room could never store a snapshot again.
     */
    private static final class Texts extends StdScalarDeserializer<String> {
        @Serial
        private static final long serialVersionUID = 1L;

        Texts() {
            super(String.class);
        }

        @Override
        public String deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            String text = StringDeserializer.instance.deserialize(parser, context);
            if (!isWritable(text)) {
                throw context.weirdStringException(text, String.class, HALF_OF_A_PAIR);
            }
            return text;
        }
    }

    /** Reads the keys of maps, as {@link Texts} reads texts. */
    private static final class Keys extends KeyDeserializer {
        @Override
        public Object deserializeKey(String key, DeserializationContext context) throws IOException {
            if (!isWritable(key)) {
                throw context.weirdKeyException(String.class, key, HALF_OF_A_PAIR);
            }
            return key;
        }
    }

    private static boolean isWritable(@Nullable String text) {
        return text == null || StandardCharsets.UTF_8.newEncoder().canEncode(text);
    }
}
