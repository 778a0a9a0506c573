package org.rotunda.load.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

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
    void theArchiveOptionIsLeftOutWithoutAnArchive() {
        assertThat(ProductCommand.of(Path.of("/product"), 25))
                .endsWith("-cp", "/product/lib/*", "org.rotunda.node.Main")
                .noneMatch(option -> option.contains("classes.jsa"));
    }
}
