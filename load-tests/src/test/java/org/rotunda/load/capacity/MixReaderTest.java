package org.rotunda.load.capacity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MixReaderTest {
    private static final String KIND =
            "{name = a, share = 100, per-room = 4, out-mbit = 2, out-packets = 200, in-mbit = 1, in-packets = 100}";

    private final Path file;

    MixReaderTest(@TempDir Path directory) {
        file = directory.resolve("mix.conf");
    }

    private MixReader.Read read(String text) throws IOException {
        Files.writeString(file, text);
        return MixReader.read(file, Map.of());
    }

    @Test
    void aFileReplacesWhatItNames() throws IOException {
        Plan plan = read("participants = 100, media-node.cores = 4, kinds = [" + KIND + "]")
                .plan();

        assertThat(plan.mix().participants()).isEqualTo(100);
        assertThat(plan.mix().kinds()).hasSize(1);
        assertThat(plan.mediaNode()).isEqualTo(new Plan.MediaNodeShape(4, 25, 0.6, 5_000));
    }

    @Test
    void settingsOfTheCommandLineReplaceTheFile() throws IOException {
        Files.writeString(file, "participants = 100, costs.packet-micros = 9, costs.join-millis = 20");
        MixReader.Read read =
                MixReader.read(file, Map.of("participants", "200", "costs.packet-micros", "7", "visits.peak", "5"));

        assertThat(read.plan().mix().participants()).isEqualTo(200);
        assertThat(read.plan().visits().peak()).isEqualTo(5);
        assertThat(read.cost("packet-micros")).contains(new UnitCosts.Cost(7, "costs.packet-micros of --set"));
        assertThat(read.cost("join-millis")).contains(new UnitCosts.Cost(20, "costs.join-millis of " + file));
        assertThat(read.cost("in-packet-ratio"))
                .contains(new UnitCosts.Cost(0.5, "costs.in-packet-ratio of the default mix"));
        assertThat(read.cost("heap-kib")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "participants = 0 | participants must be a number at least 1: 0",
                "participants = many | participants must be a number at least 1: \"many\"",
                "participants = null | participants must be a number at least 1: null",
                "media-node.cores = 0 | media-node.cores must be a number above 0: 0",
                "media-node.cores = -4 | media-node.cores must be a number above 0: -4",
                "media-node.cores = NaN | media-node.cores must be a number above 0: \"NaN\"",
                "media-node.utilisation = 60 | media-node.utilisation must be a number above 0 and at most 1: 60",
                "media-node.cors = 4 | media-node.cors is no key of a mix",
                "media-node = 4 | media-node is no key of a mix",
                "spare = -1 | spare must be a number at least 0 and at most 1000: -1",
                "costs.packet-micros = 0 | costs.packet-micros must be a number above 0: 0",
                "kinds = [] | kinds must have 1 to 100 entries: 0",
                "kinds = 4 | kinds must be a list of objects",
                "kinds = [4] | kinds must be a list of objects",
                "kinds = [{name = a, share = 100}] | kinds[0].per-room is missing",
                "kinds = [{share = 100}] | kinds[0].name is missing",
                "kinds = [{name = a, share = 100, rooms = 3}] | kinds[0].rooms is no key of a kind",
                "kinds = [{name = a, share = -1, per-room = 0}]"
                        + " | kinds[0].share must be a number at least 0 and at most 100: -1",
                "kinds = [{name = a, share = -1, per-room = 0}] | kinds[0].per-room must be a number at least 1: 0"
            })
    void faultsAreNamedWithTheirKeys(String text, String message) {
        assertThatThrownBy(() -> read(text))
                .isInstanceOf(MixFaults.class)
                .hasMessageContaining(message)
                .hasMessageContaining(file.toString());
    }

    @Test
    void sharesMustSumToAHundred() {
        assertThatThrownBy(() -> read("kinds = [" + KIND + ", " + KIND.replace("100", "20") + "]"))
                .hasMessageContaining("the shares of kinds sum to 120 and not to 100");
    }

    @Test
    void allFaultsAreReportedTogether() {
        assertThatThrownBy(() -> read("participants = -1, media-node.cores = 0, nodes = 3"))
                .hasMessageContainingAll("participants must", "media-node.cores must", "nodes is no key");
    }

    @Test
    void aFileThatIsMissingOrNoHoconIsReported() {
        assertThatThrownBy(() -> MixReader.read(file, Map.of()))
                .isInstanceOf(MixFaults.class)
                .hasMessageContaining(file.toString());
        assertThatThrownBy(() -> read("participants = {")).isInstanceOf(MixFaults.class);
        assertThatThrownBy(() -> read("participants = ${nobody}")).isInstanceOf(MixFaults.class);
    }
}
