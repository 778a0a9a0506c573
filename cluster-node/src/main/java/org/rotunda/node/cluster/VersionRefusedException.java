package org.rotunda.node.cluster;

/** Thrown if a node may not start because of its version. */
public final class VersionRefusedException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    /** @param reason the refusal of {@link VersionRule} */
    public VersionRefusedException(String reason) {
        super(reason);
    }
}
