package org.rotunda.room.readmodel;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;

/** Completes an application's configuration with what rooms need of Pekko. */
public final class RoomConfig {
    private RoomConfig() {}

    /**
     * The configuration to start the actor system with: the application's, then ours for Pekko, then everybody's defaults; the journal
     * is connected to {@code rotunda.db}.
     */
    public static Config complete(Config application) {
        Config whole = application
                .withFallback(ConfigFactory.parseResources("rotunda-pekko.conf"))
                .withFallback(ConfigFactory.defaultReferenceUnresolved())
                .resolve();
        return DatabaseConfig.pekkoSettings(whole.getConfig("rotunda.db")).withFallback(whole);
    }
}
