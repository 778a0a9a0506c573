package org.rotunda.node.advertise;

import java.util.List;

/** The result of one search for the addresses of the media loops. */
sealed interface Lookup {
    /** The {@code address:port} of each loop, in order. */
    record Found(List<String> addresses) implements Lookup {
        public Found {
            addresses = List.copyOf(addresses);
        }
    }

    /**
     * The addresses are not known yet. This may change, because somebody may create the object or give the right.
     *
     * @param reason a sentence without its full stop that names the missing object or right
     */
    record Missing(String reason) implements Lookup {}

    /**
     * An object contradicts the configuration of this node.
     *
     * @param reason a sentence without its full stop that names the object
     */
    record Unusable(String reason) implements Lookup {}
}
