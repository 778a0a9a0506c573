package org.rotunda.room.serialization;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import java.io.IOException;
import java.io.NotSerializableException;
import java.util.Optional;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.serialization.SerializerWithStringManifest;
import org.apache.pekko.serialization.jackson.JacksonObjectMapperProvider;
import org.rotunda.room.protocol.RoomSerializable;

/**
 * The serializer of everything that rooms store. It writes Jackson CBOR. The manifest of a value is the name of its
 * type in {@link StoredTypes}. Pekko's own Jackson serializer would store class names. Safe on any thread.
 */
public final class StoredSerializer extends SerializerWithStringManifest {
    /** The number of this serializer, fixed for ever because every stored row contains it. */
    static final int IDENTIFIER = 8_202;

    private final ObjectMapper cbor;

    /** Creates the serializer; called by Pekko. */
    public StoredSerializer(ExtendedActorSystem system) {
        cbor = JacksonObjectMapperProvider.get(system).getOrCreate("jackson-cbor", Optional.of(new CBORFactory()));
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
        try {
            return cbor.readValue(bytes, type);
        } catch (IOException e) {
            NotSerializableException unreadable =
                    new NotSerializableException("unreadable bytes of \"" + manifest + "\": " + e.getMessage());
            unreadable.initCause(e);
            throw unreadable;
        }
    }
}
