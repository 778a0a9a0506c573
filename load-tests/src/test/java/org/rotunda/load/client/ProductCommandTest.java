package org.rotunda.load.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProductCommandTest {
    @Test
    void javaOptionsDependOnTheJvmVersionAndTheUser() {
        assertThat(ProductCommand.options(25, false))
                .contains("-XX:+UseZGC", "--enable-native-access=ALL-UNNAMED")
                .doesNotContain("-XX:ThreadPriorityPolicy=1", "-XX:+ZGenerational");
        assertThat(ProductCommand.options(21, true)).contains("-XX:ThreadPriorityPolicy=1", "-XX:+ZGenerational");
        assertThat(ProductCommand.options(17, false))
                .doesNotContain("--enable-native-access=ALL-UNNAMED", "-XX:+ZGenerational");
    }

    @Test
    void aStartCacheReplacesTheArchive(@TempDir Path product) throws IOException {
        Path archive = Files.writeString(product.resolve("classes.jsa"), "classes");

        assertThat(ProductCommand.archive(archive, List.of("-Xmx1g")))
                .containsExactly("-XX:SharedArchiveFile=" + archive);
        assertThat(ProductCommand.archive(archive, List.of("-XX:AOTCache=rotunda.aot")))
                .isEmpty();
    }

    @Test
    void theArchiveOptionIsLeftOutWithoutAnArchive() {
        assertThat(ProductCommand.of(Path.of("/product"), 25))
                .endsWith("-cp", "/product/lib/*", "org.rotunda.node.Main")
                .noneMatch(option -> option.contains("classes.jsa"));
    }
}
