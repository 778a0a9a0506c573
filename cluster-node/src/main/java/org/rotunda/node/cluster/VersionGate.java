package org.rotunda.node.cluster;

import java.util.OptionalInt;
import org.rotunda.room.readmodel.ClaimedVersions;
import org.rotunda.room.readmodel.SchemaGate;

/** Lets a node use a database by {@link VersionRule}. */
public final class VersionGate implements SchemaGate {
    private final String version;

    /** @param version the text of this node's version */
    public VersionGate(String version) {
        this.version = version;
    }

    /** @throws VersionRefusedException if this node may not start */
    @Override
    public void check(ClaimedVersions claimed) {
        VersionRule.refusal(version, claimed).ifPresent(reason -> {
            throw new VersionRefusedException(reason);
        });
    }

    @Override
    public OptionalInt version() {
        return VersionRule.number(version);
    }
}
