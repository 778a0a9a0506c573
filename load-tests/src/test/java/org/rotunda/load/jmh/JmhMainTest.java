package org.rotunda.load.jmh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;

class JmhMainTest {
    private static final String NATIVE_ACCESS = "--enable-native-access=ALL-UNNAMED";

    @TempDir
    Path home = Path.of("");

    @Test
    void theMeasuredJvmIsTheCurrentOneUnlessAnotherIsNamed() throws IOException, CommandLineOptionException {
        Path java = Files.createFile(Files.createDirectory(home.resolve("bin")).resolve("java"));
        assertThat(java.toFile().setExecutable(true)).isTrue();
        Files.writeString(home.resolve("release"), "JAVA_VERSION=\"17.0.15\"\n");

        assertThat(JmhMain.measuredVersion(new CommandLineOptions()))
                .isEqualTo(Runtime.version().feature());
        assertThat(JmhMain.measuredVersion(new CommandLineOptions("-jvm", java.toString())))
                .isEqualTo(17);
        assertThatThrownBy(() -> JmhMain.measuredVersion(
                        new CommandLineOptions("-jvm", home.resolve("none").toString())))
                .isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void anOlderJvmGetsNoOptionItWouldRefuse() {
        assertThat(JmhMain.jvmArguments(17))
                .contains("-XX:+UseZGC")
                .doesNotContain(NATIVE_ACCESS, "-XX:+ZGenerational");
        assertThat(JmhMain.jvmArguments(21)).contains("-XX:+ZGenerational").doesNotContain(NATIVE_ACCESS);
        assertThat(JmhMain.jvmArguments(25)).contains(NATIVE_ACCESS).doesNotContain("-XX:+ZGenerational");
    }
}
