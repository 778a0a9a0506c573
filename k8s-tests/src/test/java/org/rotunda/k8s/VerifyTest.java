package org.rotunda.k8s;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Checks the script {@code k8s/verify} with a kubectl that answers from a script. That shows what the script does with
 * the answers, not that a cluster gives such answers.
 */
class VerifyTest {
    private static final Path KUBECTL = Path.of("src", "test", "resources", "verify");

    @TempDir
    private Path folder = Path.of("");

    private String verify(String fault, int status) throws IOException {
        Path tools = Files.createDirectories(folder.resolve("tools"));
        Path kubectl = Files.copy(KUBECTL.resolve("kubectl"), tools.resolve("kubectl"));
        assertThat(kubectl.toFile().setExecutable(true)).isTrue();
        Path output = folder.resolve("out");
        ProcessBuilder builder = new ProcessBuilder(
                        Rendering.FOLDER.resolve("verify").toString())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().merge("PATH", tools.toAbsolutePath() + ":", (path, first) -> first + path);
        builder.environment().put("FAULT", fault);
        Process process = builder.start();
        assertThat(process.onExit().orTimeout(60, TimeUnit.SECONDS).join().exitValue())
                .as(Files.readString(output))
                .isEqualTo(status);
        return Files.readString(output);
    }

    @Test
    void findsNothingWrongWithAHealthyInstallation() throws IOException {
        assertThat(verify("", 0))
                .contains("media-1, clients are told", "203.0.113.11:10000", "gateway=2,media=2,room=3", "v1.33.1")
                .contains("nothing is wrong")
                .doesNotContain("FAULT", "look");
    }

    @ParameterizedTest
    @CsvSource({
        "pod, 'StatefulSet room, ready pods       2, not 3'",
        "split, 'views of the cluster               2, not 1'",
        "native, 'has no native crypto'",
        "address, 'has no address outside yet'"
    })
    void namesWhatIsWrong(String fault, String line) throws IOException {
        assertThat(verify(fault, 1)).contains(line).containsPattern("verify: \\d faults");
    }
}
