package org.rotunda.room.readmodel;

import java.util.OptionalInt;

/**
 * Decides whether this node may bring the schema up to date. Asked before the first change, because other nodes may use
 * the tables meanwhile.
 */
public interface SchemaGate {
    /** Lets every node pass, and notes no version. */
    SchemaGate OPEN = new SchemaGate() {
        @Override
        public void check(ClaimedVersions claimed) {}

        @Override
        public OptionalInt version() {
            return OptionalInt.empty();
        }
    };

    /**
     * Throws if this node may not use the database.
     *
     * @throws IllegalArgumentException with the reason
     */
    void check(ClaimedVersions claimed);

    /** Returns the number of this node's version; empty if it is unknown. */
    OptionalInt version();
}
