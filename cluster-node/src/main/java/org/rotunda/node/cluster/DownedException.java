package org.rotunda.node.cluster;

/** Thrown if the other nodes counted a node as lost before it was an up member of their cluster. */
public final class DownedException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    public DownedException() {
        super("the other nodes of the cluster counted this one as lost while it joined");
    }
}
