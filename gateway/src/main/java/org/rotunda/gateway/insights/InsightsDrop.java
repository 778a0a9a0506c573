package org.rotunda.gateway.insights;

/** The reason why a valid event is not stored. */
public enum InsightsDrop {
    /** Its client sends too many. */
    RATE,
    /** Too many events wait for the database. */
    QUEUE,
    /** Its room has as many events as it may have. */
    ROOM_FULL,
    /** Its account has as many events as it may have. */
    ACCOUNT_FULL,
    /** The database has refused it. */
    FAILED
}
