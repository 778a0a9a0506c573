package org.rotunda.room.speaker;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.control.TrackLevels;

/**
 * Finds the dominant speaker of one room, and keeps the participants with audio in an order of who spoke last.
 *
 * <p>The room tells the detector which audio tracks are enabled, passes the levels of each report on, and calls {@link
 * #onTime} at {@link #nextDeadlineNanos}. After each call it compares {@link #revision}: while the revision stays the
 * same, no answer of the detector has changed.
 *
 * <p>The detector does not rely on complete reports. A participant of whom nothing comes counts as silent after {@link
 * #GRACE_NANOS}; a track that its media node leaves out of a report counts as silent at once. Reports of several media
 * nodes may overlap in time.
 *
 * <p>A level costs constant time and no garbage; a decision costs time linear in the participants with audio. Not
 * thread-safe; owner: the conductor of the room. {@code docs/dominant-speaker.md} explains the algorithm.
 */
public final class SpeakerDetector {
    /** The time between two decisions. */
    public static final long DECISION_NANOS = 100_000_000;

    /** After a change the dominant speaker stays so long at least, unless it leaves or its audio is disabled. */
    public static final long DWELL_NANOS = 1_000_000_000;

    /** After so long without a report about a participant, the participant counts as silent. */
    public static final long GRACE_NANOS = 200_000_000;

    /** When the dominant speaker was silent for so long, a weaker sign of speech is enough for another. */
    public static final long FALLBACK_NANOS = 1_500_000_000;

    /** After so much silence in the room, {@link #boostCleared} is true. */
    public static final long BOOST_NANOS = 3_000_000_000L;

    /** How often the order of those who were never dominant follows their activity. */
    public static final long REORDER_NANOS = 1_000_000_000;

    /** The thresholds for the logarithm of the ratio between the scores of a challenger and of the dominant speaker. */
    static final double IMMEDIATE_RATIO = 3;

    static final double MEDIUM_RATIO = 2;
    static final double LONG_RATIO = 0;

    /**
     * The blocks of 100 ms with speech only within the last second that a challenger must have, so that a click is no
     * speech.
     */
    static final int CHALLENGER_BLOCKS = 3;

    /** The time between two loud windows of 100 ms that the fall-back demands, in windows. */
    static final int FALLBACK_SPREAD = 4;

    /** The blocks of 100 ms with speech only within the last second that keep the room from being silent. */
    static final int TALK_BLOCKS = 2;

    /** A participant passes another one who was never dominant only if its mean level is so much higher. */
    static final int REORDER_MARGIN = 10;

    /** The most media nodes that the detector remembers. Beyond that it forgets all and learns them again. */
    static final int SOURCES_MAX = 64;

    /** A report sooner than this after the last complete one says nothing about tracks that it leaves out. */
    private static final long REPORT_SPACING_MIN_NANOS = 80_000_000;

    /** A decision may come so much earlier than after {@link #DECISION_NANOS}, because a report has just come. */
    private static final long DECISION_EARLY_NANOS = 20_000_000;

    /** Reports of one instant may be processed so many slots of 20 ms apart. */
    private static final int JITTER_SLOTS = 2;

    private static final double FLOOR_LOG_SCORE = Math.log(1e-10);

    private final Map<String, Speaker> speakers = new HashMap<>();
    private final Map<String, ReportSource> sources = new HashMap<>();

    /** All participants with audio, also disabled audio. The one who was dominant last is first. */
    private final List<Speaker> order = new ArrayList<>();

    /** The participants of the report that is being read. Reused. */
    private final List<Speaker> reported = new ArrayList<>();

    private @Nullable Speaker dominant;

    /** The participant that was dominant until its audio was disabled, or it left; null once somebody else is. */
    private @Nullable Speaker vacated;

    private long changedNanos;
    private boolean decided;
    private long decidedNanos;
    private long reorderedNanos;
    private long activeNanos;
    private boolean boostCleared = true;
    private long revision;

    /** An audio track was published, or was enabled again. */
    public void onAudioEnabled(String participantSid, String trackSid) {
        Speaker speaker = speakers.get(participantSid);
        if (speaker == null) {
            speaker = new Speaker(participantSid);
            speakers.put(participantSid, speaker);
            order.add(speaker);
            revision++;
        }
        speaker.trackSids.add(trackSid);
    }

    /** An audio track was disabled. The participant keeps its place in the ranking. */
    public void onAudioDisabled(String participantSid, String trackSid) {
        Speaker speaker = speakers.get(participantSid);
        if (speaker == null || !speaker.trackSids.remove(trackSid) || speaker.competes()) {
            return;
        }
        speaker.silence();
        if (speaker == dominant) {
            dominant = null;
            vacated = speaker;
        }
        revision++;
    }

    /** A participant left, or unpublished its last audio track: it loses its place in the ranking. */
    public void onParticipantLeft(String participantSid) {
        Speaker speaker = speakers.remove(participantSid);
        if (speaker == null) {
            return;
        }
        order.remove(speaker);
        speaker.trackSids.clear();
        speaker.silence();
        if (speaker == dominant) {
            dominant = null;
            vacated = speaker;
        }
        revision++;
    }

    /**
     * A media node reported levels. Levels of tracks that are unknown or disabled are ignored.
     *
     * @param mediaNode the name of the node
     */
    public void onReport(String mediaNode, List<TrackLevels> levels, long nowNanos) {
        if (levels.isEmpty()) {
            return;
        }
        ReportSource source = source(mediaNode);
        boolean complete = source.onReport(nowNanos, REPORT_SPACING_MIN_NANOS);
        for (int i = 0; i < levels.size(); i++) {
            TrackLevels each = levels.get(i);
            Speaker speaker = speakers.get(each.participantSid());
            if (speaker != null && speaker.trackSids.contains(each.trackSid()) && each.levels().length > 0) {
                if (!speaker.isStaged()) {
                    reported.add(speaker);
                }
                speaker.stage(each.levels());
                speaker.source = source;
            }
        }
        long slot = slot(nowNanos);
        for (int i = 0; i < reported.size(); i++) {
            reported.get(i).commit(slot);
        }
        reported.clear();
        if (complete) {
            for (int i = 0; i < order.size(); i++) {
                Speaker each = order.get(i);
                if (each.source == source) {
                    each.padTo(slot - JITTER_SLOTS);
                }
            }
        }
        if (!decided || nowNanos - decidedNanos >= DECISION_NANOS - DECISION_EARLY_NANOS) {
            decide(nowNanos);
        }
    }

    /** Makes the decision that is due. A call before {@link #nextDeadlineNanos} does nothing. */
    public void onTime(long nowNanos) {
        if (nowNanos >= nextDeadlineNanos()) {
            decide(nowNanos);
        }
    }

    /** Returns when {@link #onTime} is due; {@link Long#MAX_VALUE} while the room is silent and nothing can change. */
    public long nextDeadlineNanos() {
        return decided && !isAtRest() ? decidedNanos + DECISION_NANOS + DECISION_EARLY_NANOS : Long.MAX_VALUE;
    }

    private boolean isAtRest() {
        if (!boostCleared) {
            return false;
        }
        for (int i = 0; i < order.size(); i++) {
            if (!order.get(i).isSilent()) {
                return false;
            }
        }
        return true;
    }

    /** Rises whenever an answer of this detector may have changed. */
    public long revision() {
        return revision;
    }

    /** Returns the participant who speaks, or who spoke last; null before anybody spoke, or after that one left. */
    public @Nullable String dominant() {
        return dominant == null ? null : dominant.participantSid;
    }

    /**
     * Returns whom a subscriber sees as the dominant speaker: the first one in the ranking that it receives and that is
     * not itself. When the dominant speaker has disabled its audio or left, its subscribers see nobody until another
     * one speaks.
     *
     * @param receives whether the subscriber receives audio or video of a participant, given its SID
     */
    public @Nullable String dominantFor(String subscriberSid, Predicate<String> receives) {
        if (dominant == null && vacated != null && !vacated.participantSid.equals(subscriberSid)) {
            boolean left = !speakers.containsKey(vacated.participantSid);
            if (left || receives.test(vacated.participantSid)) {
                return null;
            }
        }
        for (int i = 0; i < order.size(); i++) {
            Speaker each = order.get(i);
            if (each.heard && !each.participantSid.equals(subscriberSid) && receives.test(each.participantSid)) {
                return each.participantSid;
            }
        }
        return null;
    }

    /**
     * Returns the participants with audio, the most recent speaker first: the dominant one, then those who were
     * dominant before, then the others by their activity. Participants without audio tracks are not in it.
     */
    public List<String> ranking() {
        List<String> sids = new ArrayList<>(order.size());
        for (int i = 0; i < order.size(); i++) {
            sids.add(order.get(i).participantSid);
        }
        return sids;
    }

    /** Returns the place of a participant in the ranking, from 0; the size of the ranking if it is not in it. */
    public int rankOf(String participantSid) {
        for (int i = 0; i < order.size(); i++) {
            if (order.get(i).participantSid.equals(participantSid)) {
                return i;
            }
        }
        return order.size();
    }

    /** Returns whether the room has been silent for {@link #BOOST_NANOS}: nobody's video has a higher priority then. */
    public boolean boostCleared() {
        return boostCleared;
    }

    private ReportSource source(String mediaNode) {
        ReportSource source = sources.get(mediaNode);
        if (source == null) {
            if (sources.size() >= SOURCES_MAX) {
                sources.clear();
            }
            source = new ReportSource(mediaNode);
            sources.put(mediaNode, source);
        }
        return source;
    }

    int sourcesKnown() {
        return sources.size();
    }

    private static long slot(long nowNanos) {
        return Math.floorDiv(nowNanos, Speaker.SLOT_NANOS);
    }

    private void decide(long nowNanos) {
        if (!decided) {
            decided = true;
            reorderedNanos = nowNanos;
            activeNanos = nowNanos;
        }
        decidedNanos = nowNanos;
        long silentBefore = slot(nowNanos - GRACE_NANOS);
        boolean active = false;
        for (int i = 0; i < order.size(); i++) {
            Speaker each = order.get(i);
            each.padTo(silentBefore);
            each.score();
            active |= each.isLoudNow() || each.longActive() >= TALK_BLOCKS;
            if (!each.heard && each.loudSpread() >= FALLBACK_SPREAD) {
                each.heard = true;
                revision++;
            }
        }
        if (dominant == null || nowNanos - changedNanos >= DWELL_NANOS) {
            Speaker next = challenger();
            if (next != null) {
                makeDominant(next, nowNanos);
            }
        }
        if (active) {
            activeNanos = nowNanos;
        }
        if (boostCleared != (nowNanos - activeNanos >= BOOST_NANOS)) {
            boostCleared = !boostCleared;
            revision++;
        }
        if (nowNanos - reorderedNanos >= REORDER_NANOS) {
            reorderedNanos = nowNanos;
            reorder();
        }
    }

    private @Nullable Speaker challenger() {
        Speaker incumbent = dominant;
        double immediate = incumbent == null ? FLOOR_LOG_SCORE : incumbent.logImmediate();
        double medium = incumbent == null ? FLOOR_LOG_SCORE : incumbent.logMedium();
        double longScore = incumbent == null ? FLOOR_LOG_SCORE : incumbent.logLong();
        boolean silent = incumbent == null || incumbent.slotsSinceActive() * Speaker.SLOT_NANOS >= FALLBACK_NANOS;
        Speaker best = null;
        Speaker loudest = null;
        for (int i = 0; i < order.size(); i++) {
            Speaker each = order.get(i);
            if (each == incumbent || !each.competes()) {
                continue;
            }
            if (each.longActive() >= CHALLENGER_BLOCKS
                    && each.logImmediate() - immediate > IMMEDIATE_RATIO
                    && each.logMedium() - medium > MEDIUM_RATIO
                    && each.logLong() - longScore > LONG_RATIO
                    && (best == null || each.logMedium() > best.logMedium())) {
                best = each;
            }
            if (silent
                    && each.loudSpread() >= FALLBACK_SPREAD
                    && (loudest == null || each.lastSecond() > loudest.lastSecond())) {
                loudest = each;
            }
        }
        return best != null ? best : loudest;
    }

    private void makeDominant(Speaker speaker, long nowNanos) {
        dominant = speaker;
        vacated = null;
        changedNanos = nowNanos;
        speaker.dominantOnce = true;
        speaker.heard = true;
        order.remove(speaker);
        order.add(0, speaker);
        revision++;
    }

    /** Lets each participant who was never dominant pass one that is much quieter. One pass costs linear time. */
    private void reorder() {
        for (int i = order.size() - 1; i > 0; i--) {
            Speaker ahead = order.get(i - 1);
            Speaker behind = order.get(i);
            if (!ahead.dominantOnce && behind.activity() > ahead.activity() + REORDER_MARGIN) {
                order.set(i - 1, behind);
                order.set(i, ahead);
                revision++;
            }
        }
    }
}
