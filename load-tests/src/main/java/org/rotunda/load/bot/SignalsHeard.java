package org.rotunda.load.bot;

import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the room has told a bot on its channels of media signaling.
 *
 * @param openChannels the names of the channels that are open
 * @param switchedOff the SIDs of the tracks that are switched off for the bot
 * @param speaker the SID of the dominant speaker; null if there is none or the bot did not ask
 * @param hintsAcknowledged the number of answers to the bot's render hints
 * @param networkQuality the network quality level of the bot from 1 to 5; 0 before the first answer
 * @param remoteNetworkQualities the levels of the other participants, by participant SID
 * @param publisherHints the number of hints about the bot's own layers
 */
public record SignalsHeard(
        Set<String> openChannels,
        Set<String> switchedOff,
        @Nullable String speaker,
        int hintsAcknowledged,
        int networkQuality,
        Map<String, Integer> remoteNetworkQualities,
        int publisherHints) {
    public SignalsHeard {
        openChannels = Set.copyOf(openChannels);
        switchedOff = Set.copyOf(switchedOff);
        remoteNetworkQualities = Map.copyOf(remoteNetworkQualities);
    }
}
