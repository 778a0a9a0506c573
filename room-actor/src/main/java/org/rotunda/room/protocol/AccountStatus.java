package org.rotunda.room.protocol;

/** The status of an account, with the name that the REST API uses. */
public enum AccountStatus {
    ACTIVE("active"),
    /** The account's credentials are refused until its parent makes it active again. */
    SUSPENDED("suspended"),
    /** The account's credentials are refused for ever. */
    CLOSED("closed");

    private final String wireName;

    AccountStatus(String wireName) {
        this.wireName = wireName;
    }

    public String wireName() {
        return wireName;
    }
}
