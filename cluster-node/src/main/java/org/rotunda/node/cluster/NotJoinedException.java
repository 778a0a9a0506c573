package org.rotunda.node.cluster;

/** Thrown if a node has not become a member of a cluster within its join timeout. */
public final class NotJoinedException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    NotJoinedException(String message) {
        super(message);
    }
}
