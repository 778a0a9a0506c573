package org.rotunda.room.readmodel;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;

/** Completes an application's configuration with the Pekko settings that rooms need. */
public final class RoomConfig {
    private RoomConfig() {}

    /**
     * Returns the configuration of the actor system. The application's settings override our settings for Pekko, and
     * these override the defaults of all libraries. The journal uses the database of {@code rotunda.db}.
     */
    public static Config complete(Config application) {
        Config whole = application
                .withFallback(ConfigFactory.parseResources("rotunda-pekko.conf"))
                .withFallback(ConfigFactory.defaultReferenceUnresolved())
                .resolve();
        return DatabaseConfig.pekkoSettings(whole.getConfig("rotunda.db")).withFallback(whole);
    }
}
