package org.rotunda.room.state;

import java.util.UUID;
import java.util.random.RandomGenerator;

/** Random ids in the form of a UUID. */
public final class RandomIds {
    private RandomIds() {}

    public static String uuid(RandomGenerator random) {
        return new UUID(random.nextLong(), random.nextLong()).toString();
    }
}
