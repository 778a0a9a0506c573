package org.rotunda.load.bot.source;

import java.io.InputStream;

/** The resource files of the bots. */
final class Resources {
    private static final String DIRECTORY = "/org/rotunda/load/bot/";

    private Resources() {}

    static InputStream open(String name) {
        InputStream in = Resources.class.getResourceAsStream(DIRECTORY + name);
        if (in == null) {
            throw new IllegalStateException("the jar lacks " + name);
        }
        return in;
    }
}
