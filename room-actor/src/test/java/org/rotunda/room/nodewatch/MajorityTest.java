package org.rotunda.room.nodewatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rotunda.room.nodewatch.Majority.Vote;

class MajorityTest {

    /**
     * Cases of a split cluster. Each letter is a member that is Up, Leaving or Joining. The members are in the order of
     * their addresses. Upper case means that the member is on our side.
     */
    @ParameterizedTest(name = "{0} is kept: {1}")
    @CsvSource({
        "U, true",
        "u, false",
        "UUu, true",
        "Uuu, false",
        "Uu, true", // The sides are equal, so the side with the lowest address is kept.
        "uU, false",
        "UuUu, true",
        "uUuU, false",
        "UUuu, true",
        "ULu, true", // Without the leaving member the sides are equal. The lowest address is here.
        "uLU, false", // Without the leaving member the sides are equal. The lowest address is there.
        "UUuj, true",
        "uUUj, false", // With the joining member the sides are equal. The lowest address is there.
        "UJu, true", // Without our joining member the sides are equal. The lowest address is here.
        "uJU, false",
        "Ujj, false",
        "UUUuuj, true"
    })
    void decidesAsTheSplitBrainResolver(String cluster, boolean kept) {
        assertThat(Majority.keeps(votes(cluster))).isEqualTo(kept);
    }

    @Test
    void keepsNobodyOfAClusterWithoutMembers() {
        assertThat(Majority.keeps(votes("Jj"))).isFalse();
    }

    @Property(tries = 500)
    void neverKeepsBothSides(@ForAll @Size(max = 9) List<@IntRange(max = 2) Integer> ranks, @ForAll int sides) {
        List<Vote> ours = new ArrayList<>();
        List<Vote> theirs = new ArrayList<>();
        for (int i = 0; i < ranks.size(); i++) {
            NodeId node = new NodeId("10.0.0." + i, 7355, 1);
            Rank rank = List.of(Rank.UP, Rank.LEAVING, Rank.JOINING).get(ranks.get(i));
            boolean isOurs = (sides >> i & 1) == 1;
            ours.add(new Vote(node, rank, isOurs));
            theirs.add(new Vote(node, rank, !isOurs));
        }

        assertThat(Majority.keeps(ours) && Majority.keeps(theirs)).isFalse();
    }

    private static List<Vote> votes(String cluster) {
        List<Vote> votes = new ArrayList<>();
        for (int i = 0; i < cluster.length(); i++) {
            char member = cluster.charAt(i);
            Rank rank = switch (Character.toUpperCase(member)) {
                case 'U' -> Rank.UP;
                case 'L' -> Rank.LEAVING;
                default -> Rank.JOINING;
            };
            votes.add(new Vote(new NodeId("10.0.0." + i, 7355, 1), rank, Character.isUpperCase(member)));
        }
        return votes;
    }
}
