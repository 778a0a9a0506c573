package org.rotunda.node.turn;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests the configuration that is written for coturn, and who can read it. */
class CoturnConfigurationTest {
    private final CoturnFiles files;

    CoturnConfigurationTest(@TempDir Path directory) {
        files = new CoturnFiles(directory.resolve("data").resolve("turn"), 3478);
    }

    @Test
    void onlyLoopbackAndTheRouterAreAllowed() {
        List<String> lines =
                new CoturnConfiguration(3478, "hunter2", List.of("10.0.0.5", "127.0.0.1", "10.0.0.5"), files).lines();

        assertThat(lines)
                .contains(
                        "listening-ip=127.0.0.1",
                        "relay-ip=127.0.0.2",
                        "use-auth-secret",
                        "static-auth-secret=hunter2",
                        "no-tcp-relay",
                        "denied-peer-ip=0.0.0.0-255.255.255.255");
        assertThat(lines.stream().filter(line -> line.startsWith("allowed-peer-ip=")))
                .containsExactly("allowed-peer-ip=127.0.0.2", "allowed-peer-ip=10.0.0.5", "allowed-peer-ip=127.0.0.1");
    }

    @Test
    void theSecretIsNotInTheText() {
        assertThat(new CoturnConfiguration(3478, "hunter2", List.of(), files).toString())
                .contains("3478")
                .doesNotContain("hunter2");
    }

    @Test
    void onlyTheOwnerCanReadTheFile() throws IOException {
        files.write(List.of("first"));
        files.write(List.of("static-auth-secret=hunter2")); // The file of a killed process is replaced.

        assertThat(Files.readAllLines(files.configuration())).containsExactly("static-auth-secret=hunter2");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(files.configuration())))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(files.directory())))
                .isEqualTo("rwx------");

        files.delete();
        assertThat(files.configuration()).doesNotExist();
    }
}
