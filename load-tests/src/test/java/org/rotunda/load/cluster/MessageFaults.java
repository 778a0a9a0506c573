package org.rotunda.load.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

/** The lines that a node logs if it cannot read or write a message. */
final class MessageFaults {
    /** Parts of such lines, of Pekko and of our serializers. */
    private static final List<String> PARTS = List.of(
            "serializ",
            "Serializ",
            "not a valid",
            "cannot write",
            "crosses nodes",
            "not a message that this node knows");

    private MessageFaults() {}

    /** Asserts that no node has logged such a line. */
    static void assertNone(ClusterRig rig) {
        assertThat(rig.nodes())
                .allSatisfy(node -> assertThat(node.logLines())
                        .as(node.name())
                        .noneMatch(line -> PARTS.stream().anyMatch(line::contains)));
    }
}
