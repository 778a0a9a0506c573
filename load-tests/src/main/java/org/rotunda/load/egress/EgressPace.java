package org.rotunda.load.egress;

/** How the bursts follow each other. */
public enum EgressPace {
    /** Each burst follows the burst before at once, so the caches keep what it needs. */
    SATURATED,
    /** The bursts come at a fixed rate, and the caches have forgotten much between two of them. */
    PACED
}
