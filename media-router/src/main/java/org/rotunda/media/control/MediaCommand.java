package org.rotunda.media.control;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The commands of a router. Every command carries the epoch of the room's owner. If the router has seen a higher epoch
 * of that room, it refuses the command and reports {@link MediaEvent.CommandRefused}. The router keeps the highest
 * epoch for some time after the room's last transport was closed. The router also refuses commands for an unknown
 * transport, but their epochs count as seen.
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
     * @param handover the state of a live connection from its previous node; the router then sends to the client an
     *     offer that moves the connection here. Null for a new connection
     * @param requestOffer true if the router must ask the client for the first offer, because the room and not the
     *     client opens the connection
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

    /** Passes a description of the client to its transport. Repeated descriptions and old revisions do no harm. */
    record RemoteDescription(TransportId transport, long epoch, Description description) implements MediaCommand {}

    /** Sends text on a media-signaling channel. Text for a channel that is not open yet is dropped and counted. */
    record SendOnChannel(TransportId transport, long epoch, String label, String text) implements MediaCommand {}

    /**
     * Makes the router report a transport again, without any change to it. The owner of a recovered room needs this
     * report. The router sends, in this order, the last {@link MediaEvent.HandoverChanged} and the last {@link
     * MediaEvent.LocalDescription} if there are any, a {@link MediaEvent.TrackCodecsMissing} and a {@link
     * MediaEvent.CodecsMissing} if a codec is missing, a {@link MediaEvent.StateChanged}, a {@link
     * MediaEvent.LayersChanged} for each published video track, and a {@link MediaEvent.ChannelChanged} for each open
     * media-signaling channel.
     */
    record ReportTransport(TransportId transport, long epoch) implements MediaCommand {}

    /**
     * Sends again the messages that the client may not have received from the previous node ({@link
     * MediaEvent.Unacknowledged}). A transport that was opened with a handover holds back new messages on its reliable
     * channels until this command comes, so that the old messages reach the client first. It holds the messages of a
     * channel for at most a second. The room therefore always sends this command once, with an empty list if there is
     * no message to send again.
     */
    record RepeatMessages(TransportId transport, long epoch, List<DataMessage> messages) implements MediaCommand {
        public RepeatMessages {
            messages = List.copyOf(messages);
        }
    }

    /**
     * Ends a transport and forgets it.
     *
     * @param notifyPeer true if the router ends SCTP and DTLS towards the client. False if the connection continues on
     *     another node; the router then sends nothing to the client, and reports {@link MediaEvent.Unacknowledged} to
     *     the room before it ends the transport
     */
    record CloseTransport(TransportId transport, long epoch, boolean notifyPeer) implements MediaCommand {}
}
