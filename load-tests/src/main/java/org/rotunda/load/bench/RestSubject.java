package org.rotunda.load.bench;

import java.util.Locale;

/** One measurement of the REST bench. The key is its name in the output of {@code --json} and never changes. */
enum RestSubject {
    CREATES("creates"),
    LISTS_FIRST("listsFirst"),
    LISTS_ANY("listsAny"),
    LISTS_LAST("listsLast"),
    CALLBACKS_ONE("callbacksOneAccount"),
    CALLBACKS_SEVERAL("callbacksSeveralAccounts"),
    CALLBACKS_RAISED("callbacksRaised");

    private final String key;

    RestSubject(String key) {
        this.key = key;
    }

    String key() {
        return key;
    }

    /** Returns the name of the measurement in the table. */
    String label(RestOptions options) {
        return switch (this) {
            case CREATES -> "rooms created";
            case LISTS_FIRST -> "lists, first page of " + rooms(options);
            case LISTS_ANY -> "lists, any page of " + rooms(options);
            case LISTS_LAST -> "lists, last page of " + rooms(options);
            case CALLBACKS_ONE -> "callbacks, 1 account, default bounds";
            case CALLBACKS_SEVERAL -> "callbacks, " + options.accounts() + " accounts, default bounds";
            case CALLBACKS_RAISED -> "callbacks, 1 account, bound " + options.accountInFlight();
        };
    }

    private static String rooms(RestOptions options) {
        return String.format(Locale.ROOT, "%,d", options.roomsListed());
    }
}
