package org.rotunda.node.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.pekko.cluster.Invalid;
import org.apache.pekko.cluster.Valid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rotunda.room.readmodel.ClaimedVersions;

class VersionRuleTest {
    private static final String NONE = "-";

    private static ClaimedVersions claimed(String lowest, String highest, String newest) {
        return new ClaimedVersions(
                lowest.equals(NONE)
                        ? Optional.empty()
                        : Optional.of(new ClaimedVersions.Running(number(lowest), number(highest))),
                newest.equals(NONE) ? OptionalInt.empty() : OptionalInt.of(number(newest)));
    }

    private static int number(String version) {
        return VersionRule.number(version).orElseThrow();
    }

    @ParameterizedTest(name = "{0} beside {1} to {2}, schema of {3}: {4}")
    @CsvSource({
        // version, lowest and highest that run, newest that ever ran, whether it may start, the case
        "0.1.0-SNAPSHOT, -, -, -, true, an empty database",
        "0.2.0, 0.2, 0.2, 0.2, true, one more node",
        "0.2.7, 0.2, 0.2, 0.2, true, another patch",
        "0.3.0, 0.2, 0.2, 0.2, true, the first node of an upgrade",
        "0.2.0, 0.2, 0.3, 0.3, true, an old node starts again within an upgrade",
        "0.3.0, 0.2, 0.3, 0.3, true, the upgrade goes on",
        "0.4.0, 0.2, 0.3, 0.3, false, the next upgrade before the first is over",
        "0.4.0, 0.2, 0.2, 0.2, false, two versions at once",
        "0.1.0, 0.2, 0.3, 0.3, false, a version that only the lowest could bear",
        "0.4.0, 0.3, 0.3, 0.3, true, the next upgrade after the first is over",
        "0.2.0, 0.3, 0.3, 0.3, true, a roll-back",
        "0.2.0, 0.2, 0.2, 0.3, true, after the roll-back",
        "0.3.0, 0.2, 0.2, 0.3, true, the upgrade again",
        "0.1.0, 0.2, 0.2, 0.3, false, a second roll-back",
        "0.1.0, -, -, 0.3, false, two versions back after a full stop",
        "0.2.0, -, -, 0.3, true, one version back after a full stop",
        "0.9.0, -, -, 0.3, true, a jump after a full stop",
        "1.0.0, 0.9, 0.9, 0.9, false, another major version",
        "1.0.0, -, -, 0.9, true, another major version after a full stop",
        "0.9.0, -, -, 1.0, false, an older major version",
        "unknown, 0.9, 0.9, 0.9, true, a build without a version"
    })
    void aNodeRunsBesideItsNeighboursOnly(
            String version, String lowest, String highest, String newest, boolean may, String name) {
        assertThat(VersionRule.refusal(version, claimed(lowest, highest, newest))
                        .isEmpty())
                .as(name)
                .isEqualTo(may);
    }

    @Test
    void aRefusalNamesTheVersions() {
        assertThat(VersionRule.refusal("0.4.0", claimed("0.2", "0.3", "0.3")))
                .hasValueSatisfying(reason -> assertThat(reason)
                        .contains("this node has version 0.4", "the versions 0.2 to 0.3 run on this database"));
        assertThat(VersionRule.refusal("0.1.0", claimed(NONE, NONE, "0.3")))
                .hasValueSatisfying(reason -> assertThat(reason)
                        .contains("this node has version 0.1", "version 0.3 has run on this database"));
    }

    @Test
    void theGateThrowsTheRefusal() {
        VersionGate gate = new VersionGate("0.4.1");

        assertThat(gate.version()).hasValue(4);
        assertThatCode(() -> gate.check(ClaimedVersions.NONE)).doesNotThrowAnyException();
        assertThatThrownBy(() -> gate.check(claimed("0.2", "0.2", "0.2")))
                .isInstanceOf(VersionRefusedException.class)
                .hasMessageContaining("version 0.4");
        assertThat(new VersionGate("unknown").version()).isEmpty();
    }

    @Test
    void theVersionsOfAClusterAreTheLowestAndTheHighestKnownOne() {
        assertThat(VersionRule.running(List.of("0.3.0", "unknown", "0.2.4-SNAPSHOT", "0.3.1")))
                .contains(new ClaimedVersions.Running(2, 3));
        assertThat(VersionRule.running(List.of("1.2.3"))).contains(new ClaimedVersions.Running(1_002, 1_002));
        assertThat(VersionRule.running(List.of("unknown"))).isEmpty();
    }

    @Test
    void nodesThatAreNoNeighboursRefuseEachOther() {
        NeighbouringVersions checker = new NeighbouringVersions();

        assertThat(checker.check(version("0.3.0"), version("0.2.0"))).isEqualTo(Valid.getInstance());
        assertThat(checker.check(version("0.2.0"), version("0.3.0"))).isEqualTo(Valid.getInstance());
        assertThat(checker.check(version("unknown"), version("0.3.0"))).isEqualTo(Valid.getInstance());
        assertThat(checker.check(ConfigFactory.empty(), version("0.3.0"))).isEqualTo(Valid.getInstance());
        assertThat(checker.check(version("0.4.0"), version("0.2.0")))
                .isInstanceOfSatisfying(
                        Invalid.class,
                        refusal -> assertThat(refusal.errorMessages().mkString())
                                .isEqualTo("version 0.4 is not a neighbour of version 0.2"));
    }

    private static Config version(String version) {
        return ConfigFactory.parseString(NeighbouringVersions.KEY + " = \"" + version + '"');
    }
}
