package org.rotunda.room.serialization;

import static org.rotunda.room.serialization.WireRow.message;
import static org.rotunda.room.serialization.WireRow.names;
import static org.rotunda.room.serialization.WireRow.value;

import java.util.List;
import org.rotunda.media.control.DataMessage;
import org.rotunda.media.control.Description;
import org.rotunda.media.control.DesiredTransport;
import org.rotunda.media.control.DownlinkReport;
import org.rotunda.media.control.LayerLimit;
import org.rotunda.media.control.MediaCommand;
import org.rotunda.media.control.MediaEvent;
import org.rotunda.media.control.NegotiationState;
import org.rotunda.media.control.QualityReport;
import org.rotunda.media.control.RoomReport;
import org.rotunda.media.control.TrackKind;
import org.rotunda.media.control.TrackLevels;
import org.rotunda.media.control.TrackRates;
import org.rotunda.media.control.TransportHandover;
import org.rotunda.media.control.TransportId;
import org.rotunda.media.control.VideoCodec;
import org.rotunda.room.mediaplane.DrainPermit;
import org.rotunda.room.mediaplane.MediaNode;
import org.rotunda.room.name.RoomName;
import org.rotunda.room.nodewatch.Beat;
import org.rotunda.room.nodewatch.NodeId;
import org.rotunda.room.nodewatch.RelayedLoad;
import org.rotunda.room.nodewatch.Sightings;
import org.rotunda.room.nodewatch.Standing;
import org.rotunda.room.placement.MediaNodeLoad;
import org.rotunda.room.protocol.AccountSid;
import org.rotunda.room.protocol.AllocationView;
import org.rotunda.room.protocol.BandwidthProfile;
import org.rotunda.room.protocol.ClientParticipant;
import org.rotunda.room.protocol.ClientTrack;
import org.rotunda.room.protocol.ConnectionCandidates;
import org.rotunda.room.protocol.ConnectionDescription;
import org.rotunda.room.protocol.IceCandidate;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.ParticipantStatus;
import org.rotunda.room.protocol.ParticipantView;
import org.rotunda.room.protocol.ParticipantViews;
import org.rotunda.room.protocol.PictureSize;
import org.rotunda.room.protocol.RoomCommand;
import org.rotunda.room.protocol.RoomError;
import org.rotunda.room.protocol.RoomInspection;
import org.rotunda.room.protocol.RoomProperties;
import org.rotunda.room.protocol.RoomRefusal;
import org.rotunda.room.protocol.RoomSid;
import org.rotunda.room.protocol.RoomStatus;
import org.rotunda.room.protocol.RoomType;
import org.rotunda.room.protocol.RoomView;
import org.rotunda.room.protocol.RulesView;
import org.rotunda.room.protocol.SessionId;
import org.rotunda.room.protocol.SessionNotice;
import org.rotunda.room.protocol.TrackPriority;
import org.rotunda.room.protocol.TrackRule;
import org.rotunda.room.protocol.TrackSid;
import org.rotunda.room.protocol.TrackView;
import org.rotunda.room.protocol.TrackViews;
import org.rotunda.room.quota.AccountSeats;

/**
 * The table of all classes that cross nodes, with their ids. An id is fixed for ever. The id of a removed class goes to
 * {@link #RETIRED}.
 *
 * <p><b>To add a message</b>, write (1) a row here with the next free id of its family, and a {@code value} or
 * {@code names} row for every record or enum inside it that has no row yet; (2) a sample in {@code WireSamples}
 * (tests); (3) a line in {@code rotunda-serialization.conf}, unless the class or one of its interfaces is there
 * already. Then run {@code WireGoldenTest} once with {@code -Drotunda.golden.write=true}, which writes the golden file
 * of the message. {@code WireTableTest} fails if a step was forgotten.
 *
 * <p><b>To add a component</b> to a record, add {@code new Missing("name", value)} to the record's row if the
 * component's type implies no default. The implied defaults are 0 for a number, false for a boolean, an empty
 * collection or {@code Optional}, and null for a {@code @Nullable}. Add a new golden file and keep the old files.
 * {@code docs/serialization.md} explains what is needed while two releases run side by side.
 */
final class WireTable {
    /** The ids of removed classes, never to be used again. */
    static final List<Integer> RETIRED = List.of(304); // Drain, which a media node now gets from its own process only

    // spotless:off – a table
    static final List<WireRow<?>> ROWS = List.of(
            // 100: commands to a room
            message(100, RoomCommand.Create.class),
            message(101, RoomCommand.Fetch.class),
            message(102, RoomCommand.Complete.class),
            message(103, RoomCommand.ListParticipants.class),
            message(104, RoomCommand.FetchParticipant.class),
            message(105, RoomCommand.RemoveParticipant.class),
            message(106, RoomCommand.Connect.class),
            message(107, RoomCommand.Sync.class),
            message(108, RoomCommand.Update.class),
            message(109, RoomCommand.Disconnect.class),
            message(110, RoomCommand.SocketLost.class),
            message(111, RoomCommand.LimitLayers.class),
            message(112, RoomCommand.MoveTransports.class),
            message(113, RoomCommand.Inspect.class),
            message(143, RoomCommand.FetchSubscribeRules.class),
            message(144, RoomCommand.ChangeSubscribeRules.class),
            message(145, RoomCommand.ListTracks.class),
            message(146, RoomCommand.Anonymize.class),
            message(147, RoomCommand.FetchRecordingRules.class),
            message(148, RoomCommand.ChangeRecordingRules.class),
            message(149, RoomCommand.FetchAllocation.class),

            // 150: a room's replies, inside Pekko's StatusReply
            message(150, RoomView.class),
            message(151, ParticipantView.class),
            message(152, ParticipantViews.class),
            message(153, RoomRefusal.class, RefusalForm.class, RefusalForm::of, RefusalForm::refusal),
            message(154, RoomInspection.class),
            message(184, RulesView.class),
            message(185, TrackViews.class),
            message(186, AllocationView.class),

            // 200: a room's notices to the actors that serve sessions
            message(200, SessionNotice.Connected.class),
            message(201, SessionNotice.Synced.class),
            message(202, SessionNotice.RoomChanged.class),
            message(203, SessionNotice.Descriptions.class),
            message(204, SessionNotice.Ended.class),
            message(205, SessionNotice.Superseded.class),
            message(206, SessionNotice.Moved.class),
            message(207, SessionNotice.Channels.class),

            // 250: room names
            message(250, RoomName.Claim.class),
            message(251, RoomName.Confirm.class),
            message(252, RoomName.Release.class),
            message(253, RoomName.LookUp.class),
            message(254, RoomName.Holder.class),
            message(255, RoomName.Refused.class),

            // 294: seats of accounts
            message(294, AccountSeats.TakeRoom.class),
            message(295, AccountSeats.TakeParticipant.class),
            message(296, AccountSeats.GiveRoom.class),
            message(297, AccountSeats.GiveParticipant.class),
            message(298, AccountSeats.Renew.class),
            message(299, AccountSeats.Answer.class),

            // 300: media nodes
            message(300, MediaNode.Deliver.class),
            message(301, MediaNode.Told.class),
            message(302, MediaNode.Describe.class),
            message(303, MediaNode.Described.class),
            message(305, MediaNode.Retain.class),
            message(306, MediaNode.Reported.class),
            message(307, MediaNode.LeaveAsked.class),
            message(308, DrainPermit.Ask.class),
            message(309, DrainPermit.GiveBack.class),
            message(310, DrainPermit.Answer.class),

            // 350: nodes that watch each other
            message(350, Beat.class, new WireRow.Missing("sightings", Sightings.NONE)),

            // 400: commands to a media router
            message(400, DesiredTransport.class, new WireRow.Missing("downlink", DesiredTransport.Downlink.NONE)),
            message(401, MediaCommand.OpenTransport.class),
            message(402, MediaCommand.RemoteDescription.class),
            message(403, MediaCommand.SendOnChannel.class),
            message(404, MediaCommand.CloseTransport.class),
            message(405, MediaCommand.ReportTransport.class),
            message(406, MediaCommand.RepeatMessages.class),

            // 450: events of a media router
            message(450, MediaEvent.StateChanged.class),
            message(451, MediaEvent.LocalDescription.class),
            message(452, MediaEvent.NegotiationFailed.class),
            message(453, MediaEvent.AnswerOverdue.class),
            message(454, MediaEvent.DesiredApplied.class),
            message(455, MediaEvent.CommandRefused.class),
            message(456, MediaEvent.ChannelChanged.class),
            message(457, MediaEvent.ChannelMessage.class),
            message(458, MediaEvent.LayersChanged.class),
            message(459, MediaEvent.HandoverChanged.class),
            message(460, MediaEvent.Unacknowledged.class),
            message(461, MediaEvent.CodecsMissing.class),
            message(462, MediaEvent.TrackCodecsMissing.class),
            message(463, MediaEvent.TrackFlows.class),

            // 1000: values of rooms
            value(1000, AccountSid.class),
            value(1001, RoomSid.class),
            value(1002, ParticipantSid.class),
            value(1003, TrackSid.class),
            value(1004, SessionId.class),
            value(1005, RoomProperties.class),
            value(1006, ClientParticipant.class),
            value(1007, ClientTrack.class),
            value(1008, ConnectionDescription.class),
            value(1009, SessionNotice.RoomSnapshot.class),
            value(1010, SessionNotice.Connection.class),
            value(1011, SessionNotice.RemoteParticipant.class),
            value(1012, SessionNotice.RemoteTrack.class),
            value(1013, SessionNotice.Published.class),
            value(1014, SessionNotice.PublishedTrack.class),
            value(1015, SessionNotice.Subscribed.class),
            value(1016, SessionNotice.SubscribedTrack.class),
            value(1017, SessionNotice.Recording.class),
            value(1018, MediaNodeLoad.class),
            value(1048, TrackRule.class),
            value(1049, TrackView.class),
            value(1069, ConnectionCandidates.class),
            value(1070, IceCandidate.class),
            value(1071, BandwidthProfile.class),
            value(1072, PictureSize.class),
            value(1073, AllocationView.Budget.class),
            value(1074, AllocationView.Track.class),
            value(1075, AllocationView.Layer.class),
            value(1076, AllocationView.Change.class),

            // 1100: values of nodes that watch each other
            value(1100, NodeId.class),
            value(1101, RelayedLoad.class),
            value(1102, Sightings.class),

            // 1200: values of the media plane
            value(1200, TransportId.class),
            value(1201, Description.class),
            value(1202, LayerLimit.class),
            value(1203, DesiredTransport.Publication.class),
            value(1204, DesiredTransport.Subscription.class),
            value(1205, DesiredTransport.Channel.class),
            value(1206, TransportHandover.class),
            value(1207, TransportHandover.Channel.class),
            value(1208, NegotiationState.class, NegotiationForm.class, NegotiationForm::of, NegotiationForm::state),
            value(1209, MediaEvent.Layer.class),
            value(1210, DataMessage.class),
            value(1211, DesiredTransport.Downlink.class),
            value(1212, RoomReport.class),
            value(1213, TrackLevels.class),
            value(1214, DownlinkReport.class),
            value(1215, QualityReport.class),
            value(1216, QualityReport.Direction.class),
            value(1217, TrackRates.class),
            value(1218, TrackRates.LayerRate.class),

            // 1400: enums
            names(1400, RoomStatus.class),
            names(1401, RoomType.class),
            names(1402, ParticipantStatus.class),
            names(1403, TrackPriority.class, TrackPriority.STANDARD),
            names(1404, RoomError.class, RoomError.ROOM_CONNECT_FAILED),
            names(1405, TrackKind.class),
            names(1406, VideoCodec.class),
            names(1407, Description.Type.class),
            names(1408, MediaEvent.State.class),
            names(1409, MediaEvent.Fault.class, MediaEvent.Fault.REMOTE_DESCRIPTION),
            names(1410, MediaEvent.Refusal.class),
            names(1440, TrackRule.Type.class),
            names(1441, BandwidthProfile.Mode.class, BandwidthProfile.Mode.GRID),
            names(1442, BandwidthProfile.SwitchOff.class, BandwidthProfile.SwitchOff.PREDICTED),
            names(1450, Standing.class, Standing.UNKNOWN),
            names(1460, DrainPermit.Kind.class, DrainPermit.Kind.HAND_OVER_ROOMS),
            names(1490, AccountSeats.Verdict.class, AccountSeats.Verdict.UNAVAILABLE));
    // spotless:on

    private WireTable() {}

    /** The record that is sent in place of a {@link RoomRefusal}. */
    record RefusalForm(RoomError error) {
        static RefusalForm of(RoomRefusal refusal) {
            return new RefusalForm(refusal.error());
        }

        RoomRefusal refusal() {
            return new RoomRefusal(error);
        }
    }

    /** The record that is sent in place of a {@link NegotiationState}. */
    // Nobody compares these records, so an array as component does no harm.
    @SuppressWarnings("ArrayRecordComponent")
    record NegotiationForm(byte[] bytes) {
        static NegotiationForm of(NegotiationState state) {
            return new NegotiationForm(state.bytes());
        }

        NegotiationState state() {
            return new NegotiationState(bytes);
        }
    }
}
