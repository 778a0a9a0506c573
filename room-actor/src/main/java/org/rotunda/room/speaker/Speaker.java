package org.rotunda.room.speaker;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The levels of one participant in the last five seconds, and the figures that {@link SpeakerDetector} compares. One
 * level covers 20 ms. A level is here 0 for silence and 127 for the loudest sound, so it is 127 minus the value in the
 * packet (RFC 6464). Adding a level costs constant time and makes no garbage. Owner: the detector.
 */
final class Speaker {
    /** The time that one level covers. */
    static final long SLOT_NANOS = 20_000_000;

    /** The length of the activity mean, and so of the buffer: 5 s. */
    static final int SLOTS_KEPT = 250;

    /** The levels that are scored: 1 s. */
    static final int SLOTS_SCORED = SpeechScores.LONG_MAX * SpeechScores.MEDIUM_MAX;

    /** The levels that the noise floor is computed from: 2 s. */
    static final int FLOOR_SLOTS = 100;

    /** Before so many levels have come, the gate is {@link #GATE_AT_START}. */
    static final int FLOOR_SLOTS_MIN = 25;

    static final int GATE_AT_START = 77;
    static final int GATE_MIN = 60;
    static final int GATE_MAX = 100;

    /** The highest gate of a client that sends nothing while it is silent, so that its noise floor is not known. */
    static final int GATE_MAX_WITH_SILENCE = 80;

    /** A client counts as silent between sounds if one in so many levels is silence. */
    private static final int SILENCE_SHARE = 50;

    /** The gate stands so far above the noise floor. */
    static final int GATE_MARGIN = 12;

    /** Before the noise floor is known, only such a level is loud: −32 dBov. */
    static final int LOUD_AT_START = 95;

    /** A level so far above the noise floor is no noise, even if it stands alone. */
    static final int LOUD_MARGIN = 27;

    /** A level from here on counts as active if it passes the gate, too: −47 dBov. */
    static final int ACTIVE_LEVEL = 80;

    /** The levels of one decision window: 100 ms. */
    static final int WINDOW_SLOTS = 5;

    /** The decision windows that are remembered as active or not: 2 s. */
    static final int WINDOWS_KEPT = 20;

    /** The most levels that a speaker may be ahead of the clock, because two late reports arrived together: 200 ms. */
    static final int SLOTS_AHEAD_MAX = 10;

    /** One in so many of the audible levels is at the noise floor or below. */
    private static final int FLOOR_SHARE = 20;

    /** No level has come yet, so it is not known which slots are missing. */
    private static final long UNKNOWN_SLOT = Long.MIN_VALUE;

    private static final int LEVELS = 128;
    private static final int SUB_BAND = 10;
    private static final int VOICE_BIT = 0x80;
    private static final int WINDOWS_MASK = (1 << WINDOWS_KEPT) - 1;

    final String participantSid;

    /** The audio tracks that are published and enabled. Without one the participant does not compete. */
    final Set<String> trackSids = new HashSet<>();

    /** True once the participant was active since its audio came on: only then a view may name it. */
    boolean heard;

    /** True once the participant was dominant. The ranking orders the others by their activity. */
    boolean dominantOnce;

    /** The node that sent the last report with levels of this participant. */
    @Nullable
    ReportSource source;

    /** The levels of the report that is being read; the loudest track counts. */
    private final byte[] staged = new byte[SLOTS_SCORED];

    private int stagedSlots;

    private final byte[] ring = new byte[SLOTS_KEPT];
    private int at;
    private long nextSlot = UNKNOWN_SLOT;
    private int keptSum;
    private int scoredSum;

    /** How often each level occurs in the last {@link #FLOOR_SLOTS} slots. */
    private final short[] floorCounts = new short[LEVELS];

    private int floorSlots;
    private int gate = GATE_AT_START;
    private int loudLevel = LOUD_AT_START;

    /** True once a level had the V bit. Only then a level without it means that the client heard no voice. */
    private boolean voiceBitUsed;

    private int windows;
    private int windowSlots;
    private boolean windowLoud;
    private int slotsSinceActive = SLOTS_KEPT;

    private int immediateActive;
    private int mediumActive;
    private int longActive;

    Speaker(String participantSid) {
        this.participantSid = participantSid;
    }

    boolean competes() {
        return !trackSids.isEmpty();
    }

    /** Forgets all levels. The place in the ranking stays. */
    void silence() {
        Arrays.fill(ring, (byte) 0);
        Arrays.fill(floorCounts, (short) 0);
        keptSum = 0;
        scoredSum = 0;
        floorSlots = 0;
        nextSlot = UNKNOWN_SLOT;
        gate = GATE_AT_START;
        loudLevel = LOUD_AT_START;
        voiceBitUsed = false;
        windows = 0;
        windowSlots = 0;
        windowLoud = false;
        slotsSinceActive = SLOTS_KEPT;
        heard = false;
        source = null;
        stagedSlots = 0;
    }

    /** Returns whether levels are waiting for {@link #commit}. */
    boolean isStaged() {
        return stagedSlots > 0;
    }

    /** Takes the levels of one track from the report that is being read. Tracks are aligned at their newest level. */
    void stage(byte[] levels) {
        int slots = Math.min(levels.length, staged.length);
        if (slots > stagedSlots) {
            System.arraycopy(staged, 0, staged, slots - stagedSlots, stagedSlots);
            Arrays.fill(staged, 0, slots - stagedSlots, (byte) 0);
            stagedSlots = slots;
        }
        for (int back = 1; back <= slots; back++) {
            int level = level(levels[levels.length - back]);
            int index = stagedSlots - back;
            staged[index] = (byte) Math.max(staged[index], level);
        }
    }

    private int level(byte raw) {
        boolean voice = (raw & VOICE_BIT) != 0;
        voiceBitUsed |= voice;
        return voice || !voiceBitUsed ? LEVELS - 1 - (raw & (LEVELS - 1)) : 0;
    }

    /** Adds the staged levels. The newest one belongs to the slot before {@code slot}. */
    void commit(long slot) {
        int slots = stagedSlots;
        stagedSlots = 0;
        padTo(slot - slots);
        int fitting = (int) Math.min(slots, slot + SLOTS_AHEAD_MAX - nextSlot);
        for (int i = slots - Math.max(0, fitting); i < slots; i++) {
            add(staged[i]);
        }
    }

    /** Adds silence up to this slot. */
    void padTo(long slot) {
        if (nextSlot == UNKNOWN_SLOT) {
            nextSlot = slot;
        }
        long missing = slot - nextSlot;
        if (missing <= 0) {
            return;
        }
        if (isSilent()) {
            int counted = (int) Math.min(missing, FLOOR_SLOTS - floorSlots);
            floorCounts[0] += (short) counted;
            floorSlots += counted;
        } else {
            for (long i = Math.min(missing, SLOTS_KEPT); i > 0; i--) {
                add(0);
            }
        }
        nextSlot = slot;
    }

    /** Returns whether no level of the last five seconds was audible. */
    boolean isSilent() {
        return keptSum == 0 && windows == 0;
    }

    private void add(int level) {
        scoredSum += level - ring[Math.floorMod(at - SLOTS_SCORED, SLOTS_KEPT)];
        keptSum += level - ring[at];
        if (floorSlots == FLOOR_SLOTS) {
            floorCounts[ring[Math.floorMod(at - FLOOR_SLOTS, SLOTS_KEPT)]]--;
        } else {
            floorSlots++;
        }
        floorCounts[level]++;
        ring[at] = (byte) level;
        at = at + 1 == SLOTS_KEPT ? 0 : at + 1;
        nextSlot++;
        slotsSinceActive = isActive(level) ? 0 : Math.min(SLOTS_KEPT, slotsSinceActive + 1);
        windowLoud |= level >= loudLevel;
        if (++windowSlots == WINDOW_SLOTS) {
            windows = (windows << 1 | (windowLoud ? 1 : 0)) & WINDOWS_MASK;
            windowSlots = 0;
            windowLoud = false;
        }
    }

    private boolean isActive(int level) {
        return level >= ACTIVE_LEVEL && level >= gate;
    }

    /** Computes the gate and the numbers of active parts from the levels of the last seconds. */
    void score() {
        updateThresholds();
        immediateActive = 0;
        mediumActive = 0;
        longActive = 0;
        if (scoredSum == 0) {
            return;
        }
        int index = at;
        for (int block = 0; block < SpeechScores.LONG_MAX; block++) {
            int active = 0;
            for (int i = 0; i < SpeechScores.MEDIUM_MAX; i++) {
                index = index == 0 ? SLOTS_KEPT - 1 : index - 1;
                int level = ring[index];
                if (block == 0 && i == 0 && level >= gate) {
                    immediateActive = level / SUB_BAND;
                }
                active += isActive(level) ? 1 : 0;
            }
            mediumActive = block == 0 ? active : mediumActive;
            longActive += active == SpeechScores.MEDIUM_MAX ? 1 : 0;
        }
    }

    /**
     * Computes the gate and the level that counts as loud from the noise floor: the level that a twentieth of the audible
     * levels does not exceed. With DTX, or while reports are lost, the quietest audible levels may be speech, so the
     * gate is not raised as far.
     */
    private void updateThresholds() {
        if (floorSlots < FLOOR_SLOTS_MIN) {
            gate = GATE_AT_START;
            loudLevel = LOUD_AT_START;
            return;
        }
        boolean hasSilence = floorCounts[0] * SILENCE_SHARE > floorSlots;
        int floor = floor();
        int highest = hasSilence ? GATE_MAX_WITH_SILENCE : GATE_MAX;
        gate = Math.max(GATE_MIN, Math.min(highest, floor + GATE_MARGIN));
        loudLevel = hasSilence ? ACTIVE_LEVEL : Math.max(ACTIVE_LEVEL, floor + LOUD_MARGIN);
    }

    private int floor() {
        int quietest = (floorSlots - floorCounts[0]) / FLOOR_SHARE;
        int seen = 0;
        for (int level = 1; level < LEVELS; level++) {
            seen += floorCounts[level];
            if (seen > quietest) {
                return level;
            }
        }
        return 0;
    }

    double logImmediate() {
        return SpeechScores.logImmediate(immediateActive);
    }

    double logMedium() {
        return SpeechScores.logMedium(mediumActive);
    }

    double logLong() {
        return SpeechScores.logLong(longActive);
    }

    int gate() {
        return gate;
    }

    /** The sum of the levels of the last second, which compares as the mean. */
    int lastSecond() {
        return scoredSum;
    }

    /** The mean level of the last five seconds. */
    int activity() {
        return keptSum / SLOTS_KEPT;
    }

    int longActive() {
        return longActive;
    }

    /**
     * Returns the time between the first and the last loud window of the last two seconds, in windows of 100 ms. A
     * single click yields little, beeps and speech yield more.
     */
    int loudSpread() {
        int bits = windows << 1 | (windowLoud ? 1 : 0);
        return bits == 0
                ? 0
                : Integer.numberOfTrailingZeros(Integer.highestOneBit(bits)) - Integer.numberOfTrailingZeros(bits);
    }

    /** Returns whether the last window of 100 ms, or the one that has begun, is loud. */
    boolean isLoudNow() {
        return windowLoud || (windows & 1) != 0;
    }

    /** The levels since the last active one, at most {@link #SLOTS_KEPT}. */
    int slotsSinceActive() {
        return slotsSinceActive;
    }
}
