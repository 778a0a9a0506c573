package org.rotunda.media.control;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The commands of a router. Every command carries the epoch of the room's owner. The router refuses a command with
 * {@link MediaEvent.CommandRefused} if its epoch is below the highest epoch seen for that room, also for a while after
 * the room's last transport was closed. The router also refuses commands about an unknown transport, but remembers
 * their epoch.
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
     * Opens a transport. A repeated command changes nothing; the router answers it with the same events as {@link
     * ReportTransport}.
     *
     * @param videoCodecs the codecs that the room allows
     * @param handover the state of the connection on the node that had it before; the router moves the live connection
     *     here with an offer of its own. Null for a new connection, for which the client's first offer follows or is
     *     requested with {@code requestOffer}
     * @param requestOffer true if the router must ask the client for the first offer, because the room and not the
     *     client has named the connection
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

    /** Sends text on a media-signaling channel. Text for a channel that is not open yet is dropped and counted. */
    record SendOnChannel(TransportId transport, long epoch, String label, String text) implements MediaCommand {}

    /**
     * Makes the router report a transport again, which the owner of a recovered room needs. The command changes
     * nothing. The router repeats the last {@link MediaEvent.HandoverChanged} and the last {@link
     * MediaEvent.LocalDescription} if there has been one. Then it always sends {@link MediaEvent.StateChanged}, then
     * {@link MediaEvent.LayersChanged} for each published video track, and then {@link MediaEvent.ChannelChanged} for
     * each open media-signaling channel.
     */
    record ReportTransport(TransportId transport, long epoch) implements MediaCommand {}

    /**
     * Sends the messages that the client may not have got from the node that had this connection before ({@link
     * MediaEvent.Unacknowledged}), ahead of anything newer on the same channel. A transport that was opened with a
     * handover holds back new messages on its reliable channels until this command comes, but at most for a second from
     * the first held message. The room therefore always sends this command once, with an empty list if it has no
     * messages to repeat.
     */
    record RepeatMessages(TransportId transport, long epoch, List<DataMessage> messages) implements MediaCommand {
        public RepeatMessages {
            messages = List.copyOf(messages);
        }
    }

    /**
     * Ends a transport and forgets it.
     *
     * @param notifyPeer true if the router ends SCTP and DTLS towards the client; false if the router sends the client
     *     nothing, because the connection lives on at another node; the router then first tells the room {@link
     *     MediaEvent.Unacknowledged}
     */
    record CloseTransport(TransportId transport, long epoch, boolean notifyPeer) implements MediaCommand {}
}
