package org.rotunda.media.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KernelReceiveDropsTest {
    private static final String HEADER =
            "   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops\n";

    @Test
    void addsUpTheSocketsOfThePort(@TempDir Path directory) throws IOException {
        Path v4 = Files.writeString(
                directory.resolve("udp"),
                HEADER
                        + "  111: 0100007F:2710 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 1 2 0 17\n"
                        + "  112: 00000000:2711 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 2 2 0 99\n");
        Path v6 = Files.writeString(
                directory.resolve("udp6"),
                HEADER
                        + "  113: 00000000000000000000000000000000:2710 00000000000000000000000000000000:0000 07 00000000:00000000 00:00000000 00000000 0 0 3 2 0 5\n");
        KernelReceiveDrops drops = new KernelReceiveDrops(List.of(v4, v6));
        assertThat(drops.ofPorts(Set.of(10_000))).isEqualTo(22);
        assertThat(drops.ofPorts(Set.of(10_001))).isEqualTo(99);
        assertThat(drops.ofPorts(Set.of(10_002))).isZero();
        assertThat(drops.ofPorts(Set.of(10_000, 10_001, 10_002))).isEqualTo(22 + 99);
    }

    @Test
    void isUnknownWhereTheKernelDoesNotTell(@TempDir Path directory) {
        assertThat(new KernelReceiveDrops(List.of(directory.resolve("udp"))).ofPorts(Set.of(1)))
                .isEqualTo(KernelReceiveDrops.UNKNOWN);
    }
}
