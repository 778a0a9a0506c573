package org.rotunda.media.control;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The commands of a router. Every command carries the epoch of the room's owner; one below the highest seen for that
 * room is refused with {@link MediaEvent.CommandRefused}, also for a while after the room's last transport was closed.
 * Commands about an unknown transport are refused alike; their epoch counts all the same.
 */
public sealed interface MediaCommand
        permits DesiredTransport,
                MediaCommand.OpenTransport,
                MediaCommand.RemoteDescription,
                MediaCommand.SendOnChannel,
                MediaCommand.ReportTransport,
                MediaCommand.RepeatMessages,
                MediaCommand.CloseTransport {

    TransportId transport();

    long epoch();

    /**
     * Opens a transport. A repeat is acknowledged by the events it would have caused, as {@link ReportTransport} is,
     * and changes nothing.
     *
     * @param videoCodecs the codecs that the room allows
     * @param handover the state of the connection on the node that had it before: the router moves the live connection
     *     here by an offer of its own. Null for a connection that has no past: the client's first offer follows, or is
     *     asked for with {@code requestOffer}
     * @param requestOffer asks the client for the first offer of a connection that the room, not the client, has named
     */
    record OpenTransport(
            TransportId transport,
            long epoch,
            Set<VideoCodec> videoCodecs,
            @Nullable TransportHandover handover,
            boolean requestOffer)
            implements MediaCommand {
        public OpenTransport {
            videoCodecs = Set.copyOf(videoCodecs);
        }
    }

    /** A description from the client. Repeats and stale revisions are harmless. */
    record RemoteDescription(TransportId transport, long epoch, Description description) implements MediaCommand {}

    /** Sends text on a media-signaling channel; before the channel is open it is dropped and counted. */
    record SendOnChannel(TransportId transport, long epoch, String label, String text) implements MediaCommand {}

    /**
     * Has the router report a transport again, for the owner of a room that recovered, and changes nothing: {@link
     * MediaEvent.HandoverChanged} and {@link MediaEvent.LocalDescription} with the last one if there has been any,
     * {@link MediaEvent.StateChanged} always, {@link MediaEvent.LayersChanged} of each published video track, {@link
     * MediaEvent.ChannelChanged} of each open media-signaling channel, in this order.
     */
    record ReportTransport(TransportId transport, long epoch) implements MediaCommand {}

    /**
     * Sends the messages that the client may not have got from the node that had this connection before ({@link
     * MediaEvent.Unacknowledged}), ahead of anything newer on the same channel. A transport that was opened with a
     * handover holds new messages on its reliable channels until this command comes, or for a second from the first of
     * them; so the room sends it once in any case, without messages if there are none.
     */
    record RepeatMessages(TransportId transport, long epoch, List<DataMessage> messages) implements MediaCommand {
        public RepeatMessages {
            messages = List.copyOf(messages);
        }
    }

    /**
     * Ends a transport and forgets it.
     *
     * @param notifyPeer true says goodbye on SCTP and DTLS; false is silent, as it must be when the connection lives on
     *     elsewhere, and tells {@link MediaEvent.Unacknowledged} first
     */
    record CloseTransport(TransportId transport, long epoch, boolean notifyPeer) implements MediaCommand {}
}
