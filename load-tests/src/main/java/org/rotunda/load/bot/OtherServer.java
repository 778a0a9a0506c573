package org.rotunda.load.bot;

import java.util.concurrent.CompletionStage;

/**
 * The conversation of one bot with a server that is not Rotunda, for comparisons. The bot either publishes one track or
 * receives the tracks of others. Callable from any thread; the stages complete on any thread, and exceptionally if the
 * server refuses.
 */
public interface OtherServer {
    /** The bot's side of a conversation in which the server offers. Callable from any thread. */
    interface Answerer {
        /** Applies an offer and returns the answer to it. */
        CompletionStage<String> answer(String offer);
    }

    /**
     * Publishes the track of this offer and returns the server's answer, which has a candidate of the server.
     *
     * @param offer an offer with one m-line
     */
    CompletionStage<String> publish(String offer);

    /**
     * Asks for the media of the room. Gives each offer of the server, of which the first has a candidate of the server,
     * to the bot, and sends the answer. A server may offer again when tracks come and go. Completes when the server has
     * the first answer.
     */
    CompletionStage<Void> watch(Answerer bot);

    /** Ends the conversation, because the bot is gone. */
    void leave();
}
