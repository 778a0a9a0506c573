package org.rotunda.room.allocation;

import java.util.List;

/** The allocation as a pure function: the same inputs always give the same layers. */
@SuppressWarnings("DoNotCallSuggester") // The surface only; the next commit has the code.
public final class Allocator {
    private Allocator() {}

    /**
     * Returns the layers of a subscriber's tracks, without regard to what they had before.
     *
     * @param congestionConfirmed true if loss or delay has shown congestion, which counts in the switch-off mode
     *     {@link BandwidthProfile.SwitchOffMode#DETECTED}
     */
    public static Allocation allocate(
            BandwidthProfile profile, List<TrackInput> tracks, SubscriberInput input, boolean congestionConfirmed) {
        throw new UnsupportedOperationException();
    }
}
