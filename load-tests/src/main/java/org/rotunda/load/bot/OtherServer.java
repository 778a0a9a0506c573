package org.rotunda.load.bot;

import java.util.concurrent.CompletionStage;

/**
 * The conversation of one bot with a server that is not Rotunda, for comparisons. Exchanges one offer and one answer,
 * which is enough for a bot that publishes one track or receives the tracks of others. Callable from any thread; the
 * stages complete on any thread, and exceptionally if the server refuses.
 */
public interface OtherServer {
    /** Publishes the track of this offer and returns the server's answer. */
    CompletionStage<String> publish(String offer);

    /** Asks for the media of the room and returns the server's offer. */
    CompletionStage<String> watch();

    /** Answers the server's offer. Completes when the server has accepted the answer. */
    CompletionStage<Void> answer(String answer);
}
