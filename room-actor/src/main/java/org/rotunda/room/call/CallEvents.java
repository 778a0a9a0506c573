package org.rotunda.room.call;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.control.Description;
import org.rotunda.media.control.MediaEvent;
import org.rotunda.media.control.TransportId;
import org.rotunda.room.protocol.ConnectionDescription;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.SessionNotice;
import org.rotunda.room.protocol.TrackSid;
import org.rotunda.room.state.Departure;
import org.rotunda.room.state.MediaTerms;
import org.rotunda.room.state.OpenRoom;
import org.rotunda.room.state.Participant;

/** The part of a live call that handles the events of the media nodes. Owned by the conductor. */
final class CallEvents {
    private final LiveRoom live;
    private final CallTransports transports;
    private final CallMoves moves;
    private final CallSessions sessions;
    private final CallBandwidth bandwidth;

    CallEvents(
            LiveRoom live, CallTransports transports, CallMoves moves, CallSessions sessions, CallBandwidth bandwidth) {
        this.live = live;
        this.transports = transports;
        this.moves = moves;
        this.sessions = sessions;
        this.bandwidth = bandwidth;
    }

    /**
     * Returns whether the event shows that the room has a later owner. If so, the owner that runs this call must stop.
     */
    boolean tellsOfAnotherOwner(MediaEvent event) {
        return event instanceof MediaEvent.CommandRefused refused
                && refused.refusal() == MediaEvent.Refusal.STALE_EPOCH
                && refused.epoch() == live.epoch();
    }

    void on(String mediaNode, MediaEvent event) {
        TransportId id = event.transport();
        ParticipantSid participant = new ParticipantSid(id.participantSid());
        Member member = live.members().get(participant);
        if (event instanceof MediaEvent.Unacknowledged unacknowledged) {
            onUnacknowledged(mediaNode, member, unacknowledged);
            return;
        }
        if (member == null
                || !member.transport.id().equals(id)
                || !member.transport.mediaNode().equals(mediaNode)) {
            live.log().debug("Event of a transport that the call no longer has: {}", event);
            return;
        }
        if (event instanceof MediaEvent.CommandRefused refused) {
            onRefused(participant, member, refused);
            return;
        }
        member.onHeard();
        if (event instanceof MediaEvent.LocalDescription local) {
            if (member.transport.onLocalDescription(local.description())) {
                member.tell(new SessionNotice.Descriptions(
                        List.of(new ConnectionDescription(id.connectionId(), local.description()))));
            }
            if (local.description().type() == Description.Type.ANSWER && !member.terms.known()) {
                onTerms(participant, member, member.terms.answered());
            }
        } else if (event instanceof MediaEvent.CodecsMissing missing) {
            live.log().info("No codec of {} for {}", id, missing.kinds());
            onTerms(participant, member, member.terms.without(missing.kinds()));
        } else if (event instanceof MediaEvent.TrackCodecsMissing missing) {
            live.log().info("{} has no codec of the tracks {}", id, missing.trackSids());
            Set<TrackSid> tracks =
                    missing.trackSids().stream().map(TrackSid::new).collect(Collectors.toSet());
            onTerms(participant, member, member.terms.withUndecodable(tracks));
        } else if (event instanceof MediaEvent.DesiredApplied applied) {
            if (member.transport.onApplied(applied)) {
                live.participant(participant).ifPresent(present -> bandwidth.on(present, member, applied));
            }
        } else if (event instanceof MediaEvent.NegotiationFailed failed) {
            live.log().info("Negotiation with {} failed: {}", id, failed.fault());
            live.ask(new CallReport.MemberEnded(participant, departure(failed.fault())));
        } else if (event instanceof MediaEvent.AnswerOverdue overdue) {
            moves.onAnswerOverdue(participant, member, overdue);
        } else if (event instanceof MediaEvent.HandoverChanged changed) {
            member.transport.onHandover(changed.handover());
        } else if (event instanceof MediaEvent.StateChanged changed) {
            onStateChanged(participant, member, changed);
        } else {
            live.participant(participant).ifPresent(present -> bandwidth.on(present, member, event));
        }
    }

    /**
     * Handles data-channel messages that a media node could not deliver to the client. If the connection has moved to
     * another node, the new node gets the messages. Otherwise the messages are dropped.
     */
    private void onUnacknowledged(String mediaNode, @Nullable Member member, MediaEvent.Unacknowledged event) {
        if (member != null
                && member.transport.id().equals(event.transport())
                && !member.transport.mediaNode().equals(mediaNode)) {
            transports.repeat(member.transport, event.messages());
        }
    }

    private void onTerms(ParticipantSid sid, Member member, MediaTerms terms) {
        member.terms = terms;
        OpenRoom now = live.state().orElse(null);
        Participant participant = live.participant(sid).orElse(null);
        if (now != null && participant != null) {
            transports.desire(now, participant);
            sessions.catchUp(now, participant);
            bandwidth.onTerms();
        }
    }

    private void onStateChanged(ParticipantSid participant, Member member, MediaEvent.StateChanged changed) {
        MediaEvent.State state = changed.state();
        if (changed.inReport()) {
            member.transport.onReported(); // The rest of the report came before this event.
        }
        if (state == MediaEvent.State.CONNECTED) {
            member.renewed = false; // A connected client has answered the offer.
            transports.onFollowed(member);
        } else if (state == MediaEvent.State.CLOSED) {
            moves.onClosed(participant, member);
        } else if (state == MediaEvent.State.DTLS_FAILED) {
            live.log().info("DTLS failed: {}", member.transport.id());
        }
    }

    private void onRefused(ParticipantSid participant, Member member, MediaEvent.CommandRefused refused) {
        if (refused.epoch() != live.epoch()) {
            // The command belongs to an earlier epoch. If it still matters, the room has sent it again in the present
            // epoch.
            return;
        }
        live.log().warn("Refused by media node {}: {}", member.transport.mediaNode(), refused);
        switch (refused.refusal()) {
            case UNKNOWN_TRANSPORT -> moves.onUnknown(participant, member);
            case NODE_FULL, DRAINING -> moves.onRefused(participant, member);
            case STALE_EPOCH -> throw new IllegalStateException("heard before: " + refused);
        }
    }

    private static Departure departure(MediaEvent.Fault fault) {
        return switch (fault) {
            case REMOTE_DESCRIPTION -> Departure.DESCRIPTION_UNUSABLE;
            case NO_SUPPORTED_CODEC -> Departure.NO_SUPPORTED_CODEC;
        };
    }
}
