package org.rotunda.node.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rotunda.node.cluster.LoopbackCluster.await;

import com.typesafe.config.Config;
import java.util.List;
import java.util.Map;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rotunda.node.config.NodeConfiguration;

/** Tests the split-brain resolver in clusters of real actor systems over loopback, whose links can be broken. */
class RoomDowningTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        pekko.cluster.downing-provider-class | org.rotunda.node.cluster.RoomDowning | a broken link would down both ends
        pekko.cluster.split-brain-resolver.active-strategy | keep-majority | another strategy is Pekko's, not ours
        pekko.cluster.split-brain-resolver.keep-majority.role | room | media nodes would outvote the room nodes
        pekko.cluster.split-brain-resolver.down-all-when-unstable | off | late heartbeats would down all nodes
        """)
    void aNodeHasTheSettings(String path, String expected, String why) throws Exception {
        Config config = NodeConfiguration.dev(Map.of());

        assertThat(config.getString(path)).as(why).isEqualTo(expected);
    }

    /** The leader is the media node. It hears of the two room nodes that it misses through the third. */
    @Test
    void aLeaderWithoutRoomsAndWithBadLinksDownsOnlyItself() throws Exception {
        try (LoopbackCluster cluster = LoopbackCluster.form("2s", List.of("media", "room", "room", "room"))) {
            assertThat(cluster.state(1).getLeader())
                    .isEqualTo(Cluster.get(cluster.system(0)).selfMember().address());

            cluster.breakLink(0, 1);
            cluster.breakLink(0, 2);

            await(() -> Cluster.get(cluster.system(0)).isTerminated());
            for (int room = 1; room <= 3; room++) {
                int node = room;
                await(() -> cluster.members(node).size() == 3
                        && cluster.state(node).getUnreachable().isEmpty());
                assertThat(cluster.members(node))
                        .allMatch(member -> member.hasRole("room") && member.status() == MemberStatus.up());
            }
        }
    }

    @Test
    void aLostRoomNodeIsDownedByALeaderWithoutRooms() throws Exception {
        try (LoopbackCluster cluster = LoopbackCluster.form("2s", List.of("media", "room", "room", "room"))) {
            cluster.kill(3);

            await(() -> cluster.members(0).size() == 3 && cluster.members(1).size() == 3);
            assertThat(cluster.members(0)).allMatch(member -> member.status() == MemberStatus.up());
        }
    }
}
