package org.rotunda.load.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProfileTest {
    private static final List<String> STACKS = List.of(
            "[media-loop-0 tid=17];org/rotunda/A.run_[j];org/rotunda/A.parse_[i] 30",
            "[media-loop-1 tid=18];org/rotunda/A.run_[j];sendmmsg;entry_[k];udp_sendmsg_[k] 50",
            "[media-loop-1 tid=18];org/rotunda/A.run_[j];sendmmsg;entry_[k] 10",
            "[C2 CompilerThread0 tid=5];Compile::Optimize 10");

    @Test
    void kernelTimeCountsForTheCallingFrame() {
        assertThat(Profile.parse(STACKS).byFrame().get("media-loop"))
                .isEqualTo(Map.of("org.rotunda.A.parse", 30L, "sendmmsg (kernel)", 60L));
    }

    @Test
    void threadsOfOneKindAreAddedUp() {
        Profile profile = Profile.parse(STACKS);
        assertThat(profile.samples()).isEqualTo(100);
        assertThat(profile.byThread()).isEqualTo(Map.of("media-loop", 90L, "C2 CompilerThread", 10L));
    }

    @Test
    void theTableListsTheMostExpensiveFramesFirst() {
        List<String> table = Profile.parse(STACKS).table("media-loop");
        assertThat(table.get(1)).startsWith("media-loop").endsWith("90.0 %");
        assertThat(table.get(5)).startsWith("sendmmsg (kernel)").endsWith("66.7 %");
        assertThat(table.get(6)).startsWith("org.rotunda.A.parse").endsWith("33.3 %");
        assertThat(table.get(9)).startsWith("org.rotunda.A.run").endsWith("66.7 %");
    }

    @Test
    void aProfileWithoutSamplesHasAnEmptyTable() {
        assertThat(Profile.parse(List.of()).table("media-loop")).hasSize(5);
    }
}
