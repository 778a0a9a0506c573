package org.rotunda.load.bot;

import org.jspecify.annotations.Nullable;

/** A bot as its loop sees it, whatever server it talks to. Called on the loop. */
interface LoopMember {
    String identity();

    BotMedia media();

    MediaTotals totals();

    /** Returns the SID of the publication with this track id; null if none has been announced. */
    @Nullable
    String trackSid(String trackId);

    /** Does the work that is due. Called at every tick of the loop. */
    void onTick(long nowNanos);

    /** Ends the bot after an exception in its own code. */
    void onDefect(RuntimeException defect);

    /** Returns whether the bot is still joining. */
    boolean isJoining();

    /** Describes how far the join has come, for error reports. */
    String progress();

    /** Disappears without telling the server, like a tab that crashed. */
    void vanish();
}
