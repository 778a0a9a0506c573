package org.rotunda.room.serialization;

import com.typesafe.config.ConfigFactory;
import java.io.NotSerializableException;
import java.util.List;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.serialization.SerializationExtension;
import org.assertj.core.api.Assertions;
import org.rotunda.room.protocol.RoomRefusal;

/** An actor system with the deployed serialization, but without a cluster. */
final class WireFixture implements AutoCloseable {
    private final ActorTestKit kit = ActorTestKit.create(
            "wire",
            ConfigFactory.parseString("pekko.actor.provider = local")
                    .withFallback(ConfigFactory.parseResources("rotunda-pekko.conf"))
                    .withFallback(ConfigFactory.load())
                    .resolve());
    private final Serialization serialization = SerializationExtension.get(kit.system());
    private final WireSerializer serializer =
            (WireSerializer) serialization.serializerByIdentity().apply(WireSerializer.IDENTIFIER);

    ActorTestKit kit() {
        return kit;
    }

    Serialization serialization() {
        return serialization;
    }

    WireSerializer serializer() {
        return serializer;
    }

    List<Object> samples() {
        return WireSamples.all(kit.system());
    }

    Object roundTrip(Object message) throws NotSerializableException {
        return serializer.fromBinary(serializer.toBinary(message), serializer.manifest(message));
    }

    /** Compares two messages. A {@link RoomRefusal} is an exception without equals, so its error is compared. */
    static void assertSame(Object actual, Object expected) {
        if (expected instanceof RoomRefusal refusal) {
            Assertions.assertThat(actual)
                    .isInstanceOfSatisfying(
                            RoomRefusal.class,
                            other -> Assertions.assertThat(other.error()).isEqualTo(refusal.error()));
        } else {
            Assertions.assertThat(actual).isEqualTo(expected);
        }
    }

    @Override
    public void close() {
        kit.shutdownTestKit();
    }
}
