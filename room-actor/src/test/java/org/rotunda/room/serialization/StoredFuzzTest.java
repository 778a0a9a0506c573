package org.rotunda.room.serialization;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.io.NotSerializableException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.serialization.SerializationExtension;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.provider.MethodSource;

/** Fuzzes what comes from the database: a stored value that is read can be written and read as the same. */
class StoredFuzzTest {
    private static final ActorTestKit KIT =
            ActorTestKit.create("stored-fuzz", ConfigFactory.load("rotunda-pekko-serialization.conf"));
    private static final StoredSerializer SERIALIZER = (StoredSerializer)
            SerializationExtension.get(KIT.system()).serializerByIdentity().apply(StoredSerializer.IDENTIFIER);
    private static final List<String> NAMES =
            StoredTypes.ROWS.stream().map(StoredTypes.Row::name).toList();

    @AfterAll
    static void stop() {
        KIT.shutdownTestKit();
    }

    /** Each input is the number of a row of {@link StoredTypes}, then the stored bytes. */
    static Stream<byte[]> seeds() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("src/test/resources/golden/stored"))) {
            return files.sorted().map(StoredFuzzTest::input).toList().stream();
        }
    }

    private static byte[] input(Path golden) {
        String name = golden.getFileName().toString().split("\\.", 2)[0];
        try {
            byte[] bytes = Files.readAllBytes(golden);
            byte[] input = new byte[1 + bytes.length];
            input[0] = (byte) NAMES.indexOf(name);
            System.arraycopy(bytes, 0, input, 1, bytes.length);
            return input;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @MethodSource("seeds")
    @FuzzTest
    void readsOrRefuses(byte[] bytes) throws NotSerializableException {
        if (bytes.length == 0) {
            return;
        }
        String name = NAMES.get((bytes[0] & 0xFF) % NAMES.size());
        Object read;
        try {
            read = SERIALIZER.fromBinary(Arrays.copyOfRange(bytes, 1, bytes.length), name);
        } catch (NotSerializableException refused) {
            return;
        }
        assertThat(SERIALIZER.manifest(read)).isEqualTo(name);
        Object again = SERIALIZER.fromBinary(SERIALIZER.toBinary(read), name);
        assertThat(again).isEqualTo(read);
    }
}
