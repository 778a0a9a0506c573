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

    /** The received levels that the gate is computed from: 3 s. */
    static final int GATE_LEVELS = 150;

    /** Before so many levels have been received, the gate is {@link #GATE_AT_START}. */
    static final int GATE_LEVELS_MIN = 25;

    static final int GATE_AT_START = 77;
    static final int GATE_MIN = 60;
    static final int GATE_MAX = 80;

    /** The gate stands so far above the quietest tenth of the received levels. */
    static final int GATE_MARGIN = 10;

    /** A level from here on counts as active if it passes the gate, too: −47 dBov. */
    static final int ACTIVE_LEVEL = 80;

    /** The levels of one decision window: 100 ms. */
    static final int WINDOW_SLOTS = 5;

    /** The decision windows that are remembered as active or not: 2 s. */
    static final int WINDOWS_KEPT = 20;

    /** The most levels that a speaker may be ahead of the clock, because two late reports arrived together: 200 ms. */
    static final int SLOTS_AHEAD_MAX = 10;

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
    private long nextSlot;
    private int keptSum;
    private int scoredSum;

    private final byte[] gateRing = new byte[GATE_LEVELS];
    private final short[] gateCounts = new short[LEVELS];
    private int gateAt;
    private int gateLevels;
    private int gate = GATE_AT_START;

    /** True once a level had the V bit. Only then a level without it means that the client heard no voice. */
    private boolean voiceBitUsed;

    private int windows;
    private int windowSlots;
    private boolean windowActive;
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
        Arrays.fill(gateRing, (byte) 0);
        Arrays.fill(gateCounts, (short) 0);
        keptSum = 0;
        scoredSum = 0;
        gateLevels = 0;
        gate = GATE_AT_START;
        voiceBitUsed = false;
        windows = 0;
        windowSlots = 0;
        windowActive = false;
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
            int level = staged[i];
            if (level > 0) {
                addToGate(level);
            }
            add(level);
        }
    }

    /** Adds silence up to this slot. */
    void padTo(long slot) {
        long missing = slot - nextSlot;
        if (missing <= 0) {
            return;
        }
        if (!isSilent()) {
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
        ring[at] = (byte) level;
        at = at + 1 == SLOTS_KEPT ? 0 : at + 1;
        nextSlot++;
        boolean active = level >= ACTIVE_LEVEL && level >= gate;
        slotsSinceActive = active ? 0 : Math.min(SLOTS_KEPT, slotsSinceActive + 1);
        windowActive |= active;
        if (++windowSlots == WINDOW_SLOTS) {
            windows = (windows << 1 | (windowActive ? 1 : 0)) & WINDOWS_MASK;
            windowSlots = 0;
            windowActive = false;
        }
    }

    private void addToGate(int level) {
        if (gateLevels == GATE_LEVELS) {
            gateCounts[gateRing[gateAt]]--;
        } else {
            gateLevels++;
        }
        gateRing[gateAt] = (byte) level;
        gateCounts[level]++;
        gateAt = gateAt + 1 == GATE_LEVELS ? 0 : gateAt + 1;
    }

    /** Computes the gate and the numbers of active parts from the levels of the last seconds. */
    void score() {
        gate = computeGate();
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
                active += level >= ACTIVE_LEVEL && level >= gate ? 1 : 0;
            }
            mediumActive = block == 0 ? active : mediumActive;
            longActive += active == SpeechScores.MEDIUM_MAX ? 1 : 0;
        }
    }

    private int computeGate() {
        if (gateLevels < GATE_LEVELS_MIN) {
            return GATE_AT_START;
        }
        return Math.max(GATE_MIN, Math.min(GATE_MAX, quantile(gateLevels / 10) + GATE_MARGIN));
    }

    /** Returns the lowest level that more than {@code below} received levels do not exceed. */
    private int quantile(int below) {
        int seen = 0;
        for (int level = 0; level < LEVELS; level++) {
            seen += gateCounts[level];
            if (seen > below) {
                return level;
            }
        }
        return LEVELS - 1;
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

    /** Returns how many of the last windows of 100 ms had an active level, out of {@link #WINDOWS_KEPT}. */
    int activeWindows() {
        return Integer.bitCount(windows) + (windowActive ? 1 : 0);
    }

    /** The levels since the last active one, at most {@link #SLOTS_KEPT}. */
    int slotsSinceActive() {
        return slotsSinceActive;
    }
}
