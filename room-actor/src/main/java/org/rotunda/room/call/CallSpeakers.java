package org.rotunda.room.call;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.control.TrackKind;
import org.rotunda.media.control.TrackLevels;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.TrackSid;
import org.rotunda.room.speaker.LoudestTracks;
import org.rotunda.room.speaker.SpeakerDetector;
import org.rotunda.room.state.OpenRoom;
import org.rotunda.room.state.Participant;
import org.rotunda.room.state.Publication;

/** The part of a live call that knows who speaks, and which audio tracks are sent. Owned by the conductor. */
final class CallSpeakers {
    /** The time for which a participant counts as speaking after its last sound, when bandwidth is reserved for it. */
    static final long SPEAKING_NANOS = 5_000_000_000L;

    /** A level byte (RFC 6464) up to which a sound counts as speech: −50 dBov. */
    private static final int SPEECH_LEVEL_MAX = 50;

    private static final int LEVEL_MASK = 0x7F;

    private final SpeakerDetector detector = new SpeakerDetector();
    private final @Nullable LoudestTracks loudest; // Null if all audio is always sent.
    private final Map<ParticipantSid, Set<TrackSid>> enabled = new HashMap<>(); // By publisher of any audio.
    private final Map<String, Long> spokeAt = new HashMap<>();

    /** @param loudestAudio the number of audio tracks to send in a large room; 0 to send all of them */
    CallSpeakers(int loudestAudio) {
        this.loudest = loudestAudio == 0 ? null : new LoudestTracks(loudestAudio);
    }

    void follow(OpenRoom now, long nowNanos) {
        Set<ParticipantSid> withAudio = new HashSet<>();
        for (Participant participant : now.participants()) {
            Set<TrackSid> next = new HashSet<>();
            for (Publication track : participant.publications()) {
                if (track.kind() == TrackKind.AUDIO) {
                    withAudio.add(participant.sid());
                    if (track.enabled()) {
                        next.add(track.sid());
                    }
                }
            }
            if (withAudio.contains(participant.sid())) {
                follow(participant.sid(), next, nowNanos);
            }
        }
        for (ParticipantSid gone : List.copyOf(enabled.keySet())) {
            if (!withAudio.contains(gone)) {
                follow(gone, Set.of(), nowNanos);
                enabled.remove(gone);
                detector.onParticipantLeft(gone.value());
                spokeAt.remove(gone.value());
            }
        }
        if (loudest != null) {
            loudest.onParticipants(now.participants().size());
        }
    }

    private void follow(ParticipantSid participant, Set<TrackSid> next, long nowNanos) {
        Set<TrackSid> before = enabled.getOrDefault(participant, Set.of());
        enabled.put(participant, next);
        for (TrackSid track : next) {
            if (!before.contains(track)) {
                detector.onAudioEnabled(participant.value(), track.value());
                if (loudest != null) {
                    loudest.onAudioEnabled(track.value(), nowNanos);
                }
            }
        }
        for (TrackSid track : before) {
            if (!next.contains(track)) {
                detector.onAudioDisabled(participant.value(), track.value());
                if (loudest != null) {
                    loudest.onAudioDisabled(track.value(), nowNanos);
                }
            }
        }
    }

    void onLevels(String mediaNode, List<TrackLevels> levels, long nowNanos) {
        detector.onReport(mediaNode, levels, nowNanos);
        if (loudest != null) {
            loudest.onReport(levels, nowNanos);
        }
        for (TrackLevels each : levels) {
            for (byte level : each.levels()) {
                if ((level & LEVEL_MASK) <= SPEECH_LEVEL_MAX) {
                    spokeAt.put(each.participantSid(), nowNanos);
                    break;
                }
            }
        }
        spokeAt.values().removeIf(at -> nowNanos - at > SPEAKING_NANOS);
    }

    void onTime(long nowNanos) {
        detector.onTime(nowNanos);
    }

    long nextDeadlineNanos() {
        return detector.nextDeadlineNanos();
    }

    /** Rises whenever the order of the speakers may have changed. */
    long revision() {
        return detector.revision();
    }

    /** Rises whenever other audio tracks may have to be sent. */
    long loudestRevision() {
        return loudest == null ? 0 : loudest.revision();
    }

    /** Returns the number of participants that speak now or have just spoken. */
    int speaking() {
        return spokeAt.size();
    }

    /** Returns who dominates the room; null for nobody. */
    @Nullable
    String dominant() {
        return detector.dominant();
    }

    /** Returns who of the others speaks from one member's point of view; null for nobody. */
    @Nullable
    ParticipantSid dominantFor(ParticipantSid member, Set<ParticipantSid> received) {
        String dominant = detector.dominantFor(member.value(), other -> received.contains(new ParticipantSid(other)));
        return dominant == null ? null : new ParticipantSid(dominant);
    }

    /** Returns whether the video of the dominant speaker is more important now. It is not in a silent room. */
    boolean raisesPriority() {
        return !detector.boostCleared();
    }

    /** Returns the participants with audio, those who have spoken last first. */
    List<ParticipantSid> ranking() {
        return detector.ranking().stream().map(ParticipantSid::new).toList();
    }

    /** Returns whether the subscribers of an audio track get it now. */
    boolean isSent(TrackSid audio) {
        LoudestTracks choice = loudest;
        return choice == null || !choice.isOn() || choice.isForwarded(audio.value());
    }
}
