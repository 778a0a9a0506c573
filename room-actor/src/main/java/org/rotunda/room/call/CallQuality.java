package org.rotunda.room.call;

import java.util.ArrayList;
import java.util.List;
import org.rotunda.media.control.QualityReport;
import org.rotunda.media.control.TrackKind;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.quality.ClientNetwork;
import org.rotunda.room.quality.QualityAnswer;
import org.rotunda.room.quality.QualityMeter;
import org.rotunda.room.quality.VideoDemand;
import org.rotunda.room.signal.ClientSignal;
import org.rotunda.room.signal.ServerSignal;
import org.rotunda.room.state.Participant;
import org.rotunda.room.state.Publication;

/**
 * The part of a live call that measures the network quality of its members, and answers their clients. A client asks,
 * gets exactly one answer, and asks again a second later. Owned by the conductor.
 */
final class CallQuality {
    /**
     * The maximum number of other participants in an answer. An answer with all measurements of so many participants
     * still fits into one message of a data channel.
     */
    static final int REMOTES_MAX = 50;

    private final LiveRoom live;
    private final CallSources sources;

    CallQuality(LiveRoom live, CallSources sources) {
        this.live = live;
        this.sources = sources;
    }

    private record Remote(String participantSid, QualityMeter meter) implements QualityAnswer.Source {}

    void onReport(Member member, QualityReport report, long nowNanos) {
        QualityMeter meter = member.meter;
        if (meter != null) {
            meter.onReport(report, nowNanos);
        }
    }

    /** Takes the bandwidth that the video of a member needs now. */
    void onDemand(Participant participant, Member member, MemberPlan plan) {
        QualityMeter meter = member.meter;
        if (meter != null) {
            meter.onDemand(new VideoDemand(upWantedBps(participant, member), plan.wantedBps(), plan.availableBps()));
        }
    }

    private long upWantedBps(Participant participant, Member member) {
        long sum = 0;
        for (Publication track : participant.publications()) {
            VideoSource source = track.kind() == TrackKind.VIDEO ? sources.of(track.sid()) : null;
            if (source != null && track.enabled()) {
                Integer told = member.signals.hinter.told(track.sid());
                sum += source.nominalBps(told == null ? VideoSource.ENCODINGS : told);
            }
        }
        return sum;
    }

    /** Returns the answer to a client's question. */
    ServerSignal answer(ParticipantSid participant, QualityMeter own, ClientSignal.QualityAsked asked) {
        own.onClientNetwork(ClientNetwork.of(asked.availableSendBps(), asked.rttSeconds()));
        List<Remote> others = new ArrayList<>();
        if (asked.remoteVerbosity() > 0) {
            live.members().forEach((sid, member) -> {
                QualityMeter meter = member.meter;
                if (!sid.equals(participant) && meter != null && others.size() < REMOTES_MAX) {
                    others.add(new Remote(sid.value(), meter));
                }
            });
        }
        return new ServerSignal.NetworkQuality(
                QualityAnswer.of(own, asked.localVerbosity(), others, asked.remoteVerbosity()));
    }
}
