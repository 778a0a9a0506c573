package org.rotunda.room;

import java.util.UUID;
import java.util.random.RandomGenerator;

/** Ids in the form of a UUID. */
final class RandomIds {
    private RandomIds() {}

    static String uuid(RandomGenerator random) {
        return new UUID(random.nextLong(), random.nextLong()).toString();
    }
}
