package org.rotunda.load.bot;

import java.net.URI;
import java.util.function.Supplier;
import org.rotunda.load.bot.signaling.MediaSignals;

/**
 * The settings of a bot.
 *
 * @param signaling the signaling URL, {@code ws://…/signaling}
 * @param token supplies an access token for the bot's identity; called for each request that carries a token
 * @param room the unique name or the SID of the room
 * @param publishing the tracks that the bot publishes from the start
 * @param speech the times at which the bot speaks, if it publishes audio
 * @param subscribes true if the bot subscribes to all tracks, false if it subscribes to no tracks
 * @param transportFeedback whether the bot negotiates transport-wide feedback, which the congestion control needs
 * @param counts whether the bot only counts the RTP packets that it receives, without decryption, checks and feedback
 * @param signals the channels of media signaling and the bandwidth profile that the bot asks for
 */
public record BotSettings(
        URI signaling,
        Supplier<String> token,
        String room,
        String identity,
        Publishing publishing,
        SpeechScript speech,
        boolean subscribes,
        boolean transportFeedback,
        boolean counts,
        MediaSignals signals) {
    public BotSettings {
        if (counts && transportFeedback) {
            throw new IllegalArgumentException("a counting bot sends no transport-wide feedback");
        }
    }

    /** Returns the settings of a bot that subscribes to all tracks and publishes nothing. */
    public static BotSettings of(URI signaling, Supplier<String> token, String room, String identity) {
        return new BotSettings(
                signaling,
                token,
                room,
                identity,
                Publishing.NOTHING,
                SpeechScript.always(),
                true,
                true,
                false,
                MediaSignals.NONE);
    }

    public BotSettings withPublishing(Publishing what) {
        return new BotSettings(
                signaling, token, room, identity, what, speech, subscribes, transportFeedback, counts, signals);
    }

    public BotSettings withSpeech(SpeechScript script) {
        return new BotSettings(
                signaling, token, room, identity, publishing, script, subscribes, transportFeedback, counts, signals);
    }

    public BotSettings withoutSubscribing() {
        return new BotSettings(
                signaling, token, room, identity, publishing, speech, false, transportFeedback, counts, signals);
    }

    /** Returns the settings of a bot like a client without congestion control. */
    public BotSettings withoutTransportFeedback() {
        return new BotSettings(
                signaling, token, room, identity, publishing, speech, subscribes, false, counts, signals);
    }

    /**
     * Returns the settings of a bot that joins like any client, but only counts the packets that it receives. It sends
     * no feedback about them, so it negotiates no transport-wide feedback.
     */
    public BotSettings withCounting() {
        return new BotSettings(signaling, token, room, identity, publishing, speech, subscribes, false, true, signals);
    }

    public BotSettings withSignals(MediaSignals asked) {
        return new BotSettings(
                signaling, token, room, identity, publishing, speech, subscribes, transportFeedback, counts, asked);
    }
}
