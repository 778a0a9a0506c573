package org.rotunda.room.call;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.rotunda.room.protocol.TrackSid;
import org.rotunda.room.signal.MessageBudget;
import org.rotunda.room.signal.PublisherHinter;
import org.rotunda.room.signal.RenderHintMemory;
import org.rotunda.room.signal.SignalChannel;
import org.rotunda.room.signal.SpeakerNotices;
import org.rotunda.room.signal.SwitchOffNotices;
import org.rotunda.room.signal.TrackPriorities;

/**
 * The media-signaling channels of one member: which of them are open, and what the client has said and was told on
 * them. Owned by the conductor.
 *
 * <p>A client says its render hints and priorities once for each channel. A conductor that takes a call over does not
 * know them. It therefore closes those channels and opens them again: the client then repeats everything.
 */
final class MemberSignals {
    /**
     * The time between the end of a channel and its new beginning. Within this time the client notices that the channel
     * has ended.
     */
    static final long REOPEN_AFTER_NANOS = 2_000_000_000L;

    /** Nothing is due. */
    static final long NEVER = Long.MAX_VALUE;

    /** The channels whose content only the client knows. */
    private static final Set<SignalChannel> SAID_ONCE =
            EnumSet.of(SignalChannel.RENDER_HINTS, SignalChannel.TRACK_PRIORITY);

    final TrackPriorities priorities = new TrackPriorities();
    final RenderHintMemory renderHints = new RenderHintMemory();
    final SwitchOffNotices switchOffs = new SwitchOffNotices();
    final SpeakerNotices speaker = new SpeakerNotices();
    final PublisherHinter hinter = new PublisherHinter();
    final MessageBudget budget = new MessageBudget();

    private final Set<SignalChannel> open = EnumSet.noneOf(SignalChannel.class);
    private final Set<SignalChannel> openedBefore = EnumSet.noneOf(SignalChannel.class);
    // The channels whose labels the client must hear again when they open, because it has lost the channels.
    private final Set<SignalChannel> lost = EnumSet.noneOf(SignalChannel.class);
    private final Set<SignalChannel> withheld = EnumSet.noneOf(SignalChannel.class);
    private long reopenAt = NEVER;

    /** Notes that an earlier owner of the room has led the call. */
    void takeOver() {
        openedBefore.addAll(EnumSet.allOf(SignalChannel.class));
        withheld.addAll(SAID_ONCE);
    }

    /** Returns whether the router is to keep this channel open now. */
    boolean isKeptOpen(String channel) {
        SignalChannel known = SignalChannel.of(channel);
        return known == null || !withheld.contains(known);
    }

    /** Notes that the router has put the desired state into force, so that withheld channels are closed now. */
    void onApplied(long nowNanos) {
        if (!withheld.isEmpty() && reopenAt == NEVER) {
            reopenAt = nowNanos + REOPEN_AFTER_NANOS;
        }
    }

    /** Returns the time at which {@link #reopen} is due, or {@link #NEVER}. */
    long reopenAt() {
        return reopenAt;
    }

    /** Ends the withholding of channels if its time is over. Returns whether it did. */
    boolean reopen(long nowNanos) {
        if (nowNanos < reopenAt) {
            return false;
        }
        reopenAt = NEVER;
        lost.addAll(withheld);
        withheld.clear();
        return true;
    }

    /** Notes that the client has a new connection, which has none of the old channels. */
    void onNewConnection() {
        lost.addAll(openedBefore);
        List.copyOf(open).forEach(this::onClosed);
    }

    /**
     * Notes that a channel has opened, or that another node has it now.
     *
     * @param videos the SIDs of the video tracks that the client is subscribed to
     * @return true if the client must hear the channel's label again
     */
    boolean onOpened(SignalChannel channel, Set<TrackSid> videos) {
        boolean again = !openedBefore.add(channel);
        open.add(channel);
        switch (channel) {
            case ACTIVE_SPEAKER -> speaker.onOpened();
            case TRACK_SWITCH_OFF -> switchOffs.onOpened(again ? videos : Set.of());
            case PUBLISHER_HINTS -> hinter.onOpened(again);
            case NETWORK_QUALITY, RENDER_HINTS, TRACK_PRIORITY -> {
                // The client speaks first on these channels.
            }
        }
        return lost.remove(channel);
    }

    /** Notes that a channel has ended. The router opens it again. */
    void onClosed(SignalChannel channel) {
        if (open.remove(channel)) {
            lost.add(channel);
        }
        switch (channel) {
            case ACTIVE_SPEAKER -> speaker.onClosed();
            case TRACK_SWITCH_OFF -> switchOffs.onClosed();
            case PUBLISHER_HINTS -> hinter.onClosed();
            case NETWORK_QUALITY, RENDER_HINTS, TRACK_PRIORITY -> {
                // The client says everything again on the next channel.
            }
        }
    }

    boolean isOpen(SignalChannel channel) {
        return open.contains(channel);
    }

    /** Returns the channel of a label; null if the client was granted no channel with this label. */
    static @Nullable SignalChannel channelOf(Map<String, String> labels, String label) {
        for (Map.Entry<String, String> each : labels.entrySet()) {
            if (each.getValue().equals(label)) {
                return SignalChannel.of(each.getKey());
            }
        }
        return null;
    }
}
