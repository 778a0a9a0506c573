package org.rotunda.load.bot;

import java.net.URI;
import java.util.function.Supplier;

/**
 * Who a bot is and what it does.
 *
 * @param signaling {@code ws://…/signaling}
 * @param token a fresh access token for this identity, asked for at each request that carries one
 * @param room unique name or SID
 * @param publishing what it publishes from the start
 * @param speech when it speaks, if it publishes audio
 * @param subscribes whether to everything or to nothing
 */
public record BotSettings(
        URI signaling,
        Supplier<String> token,
        String room,
        String identity,
        Publishing publishing,
        SpeechScript speech,
        boolean subscribes) {
    /** A bot that receives everything and publishes nothing. */
    public static BotSettings of(URI signaling, Supplier<String> token, String room, String identity) {
        return new BotSettings(signaling, token, room, identity, Publishing.NOTHING, SpeechScript.always(), true);
    }

    public BotSettings withPublishing(Publishing what) {
        return new BotSettings(signaling, token, room, identity, what, speech, subscribes);
    }

    public BotSettings withSpeech(SpeechScript script) {
        return new BotSettings(signaling, token, room, identity, publishing, script, subscribes);
    }

    public BotSettings withoutSubscribing() {
        return new BotSettings(signaling, token, room, identity, publishing, speech, false);
    }
}
