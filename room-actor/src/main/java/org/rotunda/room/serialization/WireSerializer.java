package org.rotunda.room.serialization;

import java.io.NotSerializableException;
import java.util.List;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.serialization.SerializerWithStringManifest;

/**
 * The Pekko serializer of the messages in {@link WireTable}. It writes them in {@link WireFormat}. The manifest is the
 * id of the message's class, in decimal. Safe on any thread.
 */
public class WireSerializer extends SerializerWithStringManifest {
    /** The number of this serializer, fixed for ever. A format that old nodes cannot read would need another number. */
    static final int IDENTIFIER = 8_201;

    private final WireFormat format;

    /** Creates the serializer; called by Pekko. */
    public WireSerializer(ExtendedActorSystem system) {
        this(system, WireTable.ROWS);
    }

    /** Creates the serializer of another table. Tests use it to write as a node of another version does. */
    WireSerializer(ExtendedActorSystem system, List<WireRow<?>> table) {
        format = new WireFormat(table, ActorRefResolver.get(Adapter.toTyped(system)));
    }

    @Override
    public final int identifier() {
        return IDENTIFIER;
    }

    @Override
    public final String manifest(Object message) {
        return Integer.toString(format.idOf(message));
    }

    @Override
    public final byte[] toBinary(Object message) {
        return format.write(message);
    }

    @Override
    public final Object fromBinary(byte[] bytes, String manifest) throws NotSerializableException {
        try {
            return format.read(Integer.parseInt(manifest), bytes);
        } catch (NumberFormatException notOurs) {
            NotSerializableException reason = new NotSerializableException("not a manifest of ours: " + manifest);
            reason.initCause(notOurs);
            throw reason;
        }
    }
}
