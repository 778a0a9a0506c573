package org.rotunda.room.serialization;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.NotSerializableException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Checks that messages of other releases can be read. Each message has golden files {@code NAME.N.hex}. The file with
 * the highest N is exactly what is written today, and the older files can still be read. A run with
 * {@code -Drotunda.golden.write=true} writes the file of a new message, or the next N after a change. An existing file
 * never changes.
 */
class WireGoldenTest {
    private static final WireFixture WIRE = new WireFixture();
    private static final String FOLDER = "/golden/wire/";
    private static final Path SOURCES = Path.of("src/test/resources" + FOLDER);
    private static final int LINE_DIGITS = 120;

    @AfterAll
    static void stop() {
        WIRE.close();
    }

    static Stream<Object> samples() {
        return WIRE.samples().stream();
    }

    @ParameterizedTest
    @MethodSource("samples")
    void latestGoldenFileIsWhatWeWriteAndRead(Object sample) throws IOException {
        writeIfAsked(sample);
        byte[] golden =
                Objects.requireNonNull(golden(sample, latest(sample)), () -> "no golden file of " + sample.getClass());

        assertThat(WIRE.serializer().toBinary(sample)).isEqualTo(golden);
        WireFixture.assertSame(read(golden, sample), sample);
    }

    @ParameterizedTest
    @MethodSource("samples")
    void olderGoldenFilesCanBeRead(Object sample) throws IOException {
        for (int version = latest(sample) - 1; version > 0; version--) {
            assertThat(read(Objects.requireNonNull(golden(sample, version)), sample))
                    .hasSameClassAs(sample);
        }
    }

    private static Object read(byte[] bytes, Object sample) throws NotSerializableException {
        return WIRE.serializer().fromBinary(bytes, WIRE.serializer().manifest(sample));
    }

    private static int latest(Object sample) throws IOException {
        int version = 0;
        while (golden(sample, version + 1) != null) {
            version++;
        }
        return version;
    }

    private static byte @Nullable [] golden(Object sample, int version) throws IOException {
        try (InputStream file = WireGoldenTest.class.getResourceAsStream(FOLDER + name(sample, version))) {
            return file == null
                    ? null
                    : HexFormat.of()
                            .parseHex(new String(file.readAllBytes(), StandardCharsets.US_ASCII).replace("\n", ""));
        }
    }

    private static String name(Object sample, int version) {
        Class<?> type = sample.getClass();
        Class<?> protocol = type.getEnclosingClass();
        return (protocol == null ? "" : protocol.getSimpleName() + ".") + type.getSimpleName() + "." + version + ".hex";
    }

    private static void writeIfAsked(Object sample) throws IOException {
        if (!Boolean.getBoolean("rotunda.golden.write")) {
            return;
        }
        byte[] current = WIRE.serializer().toBinary(sample);
        int latest = latest(sample);
        if (latest == 0 || !Arrays.equals(current, golden(sample, latest))) {
            Files.createDirectories(SOURCES);
            String hex = HexFormat.of().formatHex(current).replaceAll("(.{" + LINE_DIGITS + "})", "$1\n");
            Files.writeString(SOURCES.resolve(name(sample, latest + 1)), hex + "\n");
        }
    }
}
