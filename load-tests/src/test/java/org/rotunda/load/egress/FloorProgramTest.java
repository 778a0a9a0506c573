package org.rotunda.load.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class FloorProgramTest {
    private static final Path SOURCE = Path.of("..").resolve(FloorProgram.SOURCE);
    private static final EgressShape SHAPE = new EgressShape(3, 9, 1_150, 30);
    private static final Duration SHORT = Duration.ofMillis(330);

    private final Path directory;

    FloorProgramTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @Test
    void theOutputIsRead() {
        assertThat(FloorSample.parse("cipher openssl\npackets 450\ncpuNanos 900000\nnew thing\nelapsedNanos 1000000\n"))
                .isEqualTo(new FloorSample(true, 450, 900_000, 1_000_000, 0));
        assertThat(FloorSample.parse("elapsedNanos 2\r\ncpuNanos 1\r\npackets 9\r\ncipher none\r\n"))
                .isEqualTo(new FloorSample(false, 9, 1, 2, 0));
    }

    @ParameterizedTest
    @CsvSource({
        "'', does not report cipher",
        "cipher rot13;packets 1;cpuNanos 1;elapsedNanos 1, unknown cipher: rot13",
        "cipher none;cpuNanos 1;elapsedNanos 1, does not report packets",
        "cipher none;packets 0;cpuNanos 1;elapsedNanos 1, no positive number of packets: 0",
        "cipher none;packets 1;cpuNanos -1;elapsedNanos 1, no positive number of cpuNanos: -1",
        "cipher none;packets 1;cpuNanos 1;elapsedNanos 1e9, no positive number of elapsedNanos: 1e9"
    })
    void outputThatIsNoMeasurementIsRefused(String lines, String message) {
        assertThatThrownBy(() -> FloorSample.parse(lines.replace(';', '\n')))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    @Test
    void aMachineWithoutCompilerHasNoFloor() {
        assertThatThrownBy(() -> FloorProgram.build("no-such-compiler", SOURCE, directory))
                .isInstanceOf(FloorMissingException.class)
                .hasMessageStartingWith("no-such-compiler cannot be run");
        assertThatThrownBy(() -> FloorProgram.build("cc", directory.resolve("away.c"), directory))
                .isInstanceOf(FloorMissingException.class)
                .hasMessageContaining("there is no file");
    }

    @Test
    void aCompilerThatFailsIsNamedWithItsFirstError() throws Exception {
        Path compiler = script("compiler", "echo 'this is no C' >&2; echo more >&2; exit 1");

        assertThatThrownBy(() -> FloorProgram.build(compiler.toString(), SOURCE, directory))
                .isInstanceOf(FloorMissingException.class)
                .hasMessageEndingWith("compiler fails: this is no C");
    }

    @Test
    void aProgramThatFailsIsNoFloor() throws Exception {
        // The compiler writes the program to the path behind -o, its third argument.
        Path compiler = script("compiler", "printf '#!/bin/sh\\necho no GSO; exit 1' >\"$3\"; chmod +x \"$3\"");
        FloorProgram program = FloorProgram.build(compiler.toString(), SOURCE, directory);

        try (EgressRig rig = EgressRig.open(SHAPE.withReceivers(1))) {
            assertThatThrownBy(() -> rig.measureFloor(program, EgressPace.PACED, SHORT))
                    .isInstanceOf(FloorMissingException.class)
                    .hasMessage("the program fails: no GSO");
        }
    }

    /** Sends with the real program. A machine without a compiler skips this test. */
    @ParameterizedTest
    @EnumSource
    void theProgramSendsTheSameLoadToTheSameSockets(EgressPace pace) throws Exception {
        FloorProgram program = built();
        try (EgressRig rig = EgressRig.open(SHAPE)) {
            FloorSample sample = rig.measureFloor(program, pace, SHORT);

            assertThat(sample.packets())
                    .isPositive()
                    .isEqualTo(sample.packets() / SHAPE.packetsOut() * SHAPE.packetsOut());
            if (pace == EgressPace.PACED) { // A saturated floor may be too fast for receivers that are not warmed up.
                assertThat(sample.packets()).isEqualTo(10L * SHAPE.packetsOut());
                assertThat(sample.lost()).isZero();
                assertThat(rig.faults())
                        .as("packets with a wrong length or number")
                        .isZero();
            }
            assertThat(sample.cpuNanos()).isPositive();
            assertThat(rig.send(pace, SHORT).lost())
                    .as("packets of the router afterwards")
                    .isZero();
        }
    }

    private FloorProgram built() throws IOException {
        try {
            return FloorProgram.build("cc", SOURCE, directory);
        } catch (FloorMissingException missing) {
            // The source must compile wherever there is a compiler.
            assertThat(missing).hasMessageStartingWith("cc cannot be run");
            return Assumptions.abort(missing.getMessage());
        }
    }

    private Path script(String name, String commands) throws IOException {
        Path script = Files.writeString(directory.resolve(name), "#!/bin/sh\n" + commands + "\n");
        assertThat(script.toFile().setExecutable(true)).isTrue();
        return script;
    }
}
