package org.rotunda.room.speaker;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.rotunda.media.control.TrackLevels;

/**
 * A simulated talk of a few participants, and its judgement of a {@link SpeakerDetector}. Participants talk in turns;
 * levels reach the detector in reports of 100 ms from one or two media nodes, late or not at all.
 */
final class SyntheticRoom {
    /** The kind of talk. A new one has no DTX, no disturbances, and one media node whose reports all arrive soon. */
    static final class Talk {
        private final String name;
        private boolean dtx;
        private int clicksPerTurn;
        private int backChannelsPerTurn;
        private double floorStepDbMax;
        private boolean floorStepsAfterTurns;
        private double talkDbov = -28;
        private double talkSpreadDb = 6;
        private double noiseDbov = -62;
        private int mediaNodes = 1;
        private double reportLoss;
        private int lateMillisMax = 10;

        Talk(String name) {
            this.name = name;
        }

        String name() {
            return name;
        }

        /** Clients send nothing while they are silent. */
        Talk withDtx() {
            dtx = true;
            return this;
        }

        Talk withClicksAndBackChannel() {
            clicksPerTurn = 2;
            backChannelsPerTurn = 1;
            return this;
        }

        /** Every 20 s the noise of somebody who does not talk changes. */
        Talk withFloorSteps(double dbMax) {
            floorStepDbMax = dbMax;
            return this;
        }

        /** After each turn the noise of the participant who has talked rises. */
        Talk withFloorStepsAfterTurns(double dbMax) {
            floorStepDbMax = dbMax;
            floorStepsAfterTurns = true;
            return this;
        }

        Talk at(double dbov, double spreadDb) {
            talkDbov = dbov;
            talkSpreadDb = spreadDb;
            return this;
        }

        Talk withNoiseAt(double dbov) {
            noiseDbov = dbov;
            return this;
        }

        Talk throughTwoNodes(double loss, int lateMillis) {
            mediaNodes = 2;
            reportLoss = loss;
            lateMillisMax = lateMillis;
            return this;
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /** One turn of a participant. */
    private record Turn(int speaker, int startMillis, int endMillis) {}

    private record Report(int arrivalMillis, int number, String mediaNode, List<TrackLevels> levels) {}

    private static final int SLOT_MILLIS = 20;
    private static final int REPORT_MILLIS = 100;
    private static final int TURN_MILLIS_MIN = 4_000;
    private static final int TURN_MILLIS_MAX = 9_000;
    private static final int BETWEEN_TURNS_MILLIS_MAX = 400;
    private static final int TAIL_MILLIS = 700;
    private static final int BACK_CHANNEL_MILLIS = 400;
    private static final int BACK_CHANNEL_MARGIN_MILLIS = 1_000;
    private static final int FLOOR_STEP_EVERY_MILLIS = 20_000;
    private static final double NOISE_SPREAD_DB = 5;
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final Talk talk;
    private final Random random;
    private final int lengthMillis;
    private final int participants;
    private final List<Turn> turns = new ArrayList<>();
    private final SpeakerDetector detector = new SpeakerDetector();
    private final Verdict verdict;
    private @Nullable String shown;
    private @Nullable Turn current;
    private @Nullable Turn lastEnded;
    private boolean found;

    SyntheticRoom(Talk talk, long seed, int participants, int lengthMillis, Verdict verdict) {
        this.talk = talk;
        this.random = new Random(seed);
        this.participants = participants;
        this.lengthMillis = lengthMillis;
        this.verdict = verdict;
    }

    static String sid(int participant) {
        return "PA" + participant;
    }

    void run() {
        planTurns();
        SpeechLevels[] microphones = new SpeechLevels[participants];
        int[] backChannelFrom = new int[participants];
        for (int i = 0; i < participants; i++) {
            microphones[i] = new SpeechLevels(
                    random, talk.talkDbov + talk.talkSpreadDb * random.nextGaussian(), talk.noiseDbov, NOISE_SPREAD_DB);
            backChannelFrom[i] = -BACK_CHANNEL_MILLIS;
            detector.onAudioEnabled(sid(i), "MT" + i);
        }
        PriorityQueue<Report> underWay = new PriorityQueue<>(
                Comparator.comparingInt(Report::arrivalMillis).thenComparingInt(Report::number));
        byte[][] levels = new byte[participants][REPORT_MILLIS / SLOT_MILLIS];
        int[] phases = {0, 40};
        int number = 0;
        int turnIndex = 0;
        List<int[]> disturbances = planDisturbances();
        for (int now = 0; now < lengthMillis; now += SLOT_MILLIS) {
            while (turnIndex < turns.size() && turns.get(turnIndex).endMillis <= now) {
                // The noise around a participant rises when it stops talking, until it talks again.
                if (talk.floorStepsAfterTurns) {
                    microphones[turns.get(turnIndex).speaker].floorStepDb = talk.floorStepDbMax * random.nextDouble();
                }
                endTurn(turns.get(turnIndex++));
            }
            disturb(disturbances, now, microphones, backChannelFrom);
            Turn turn =
                    turnIndex < turns.size() && turns.get(turnIndex).startMillis <= now ? turns.get(turnIndex) : null;
            if (turn != null && turn.startMillis > now - SLOT_MILLIS) {
                microphones[turn.speaker].floorStepDb = 0;
                beginTurn(turn);
            }
            for (int i = 0; i < participants; i++) {
                int talking = turn != null && turn.speaker == i ? now - turn.startMillis : -1;
                if (talking < 0 && now - backChannelFrom[i] < BACK_CHANNEL_MILLIS) {
                    talking = now - backChannelFrom[i];
                }
                System.arraycopy(levels[i], 1, levels[i], 0, levels[i].length - 1);
                levels[i][levels[i].length - 1] = (byte) level(microphones[i], now, talking);
            }
            int end = now + SLOT_MILLIS;
            for (int node = 0; node < talk.mediaNodes; node++) {
                if (end % REPORT_MILLIS == phases[node] && random.nextDouble() >= talk.reportLoss) {
                    underWay.add(new Report(
                            end + random.nextInt(talk.lateMillisMax + 1),
                            number++,
                            "node" + node,
                            audible(levels, node)));
                }
            }
            while (!underWay.isEmpty() && underWay.peek().arrivalMillis <= end) {
                Report report = underWay.remove();
                timeUntil(report.arrivalMillis);
                detector.onReport(report.mediaNode, report.levels, report.arrivalMillis * NANOS_PER_MILLI);
                look(report.arrivalMillis);
            }
            timeUntil(end);
        }
        verdict.minutes += lengthMillis / 60_000.0;
    }

    private void timeUntil(int millis) {
        while (detector.nextDeadlineNanos() <= millis * NANOS_PER_MILLI) {
            long deadline = detector.nextDeadlineNanos();
            detector.onTime(deadline);
            look((int) (deadline / NANOS_PER_MILLI));
        }
    }

    private int level(SpeechLevels microphone, int now, int talking) {
        int level = microphone.next(now, talking);
        if (talk.dtx && !microphone.hasSound(now, talking)) {
            return SpeechLevels.SILENT; // Nothing is sent, or comfort noise, which has the same level.
        }
        return level;
    }

    private List<TrackLevels> audible(byte[][] levels, int node) {
        List<TrackLevels> audible = new ArrayList<>();
        for (int i = node; i < participants; i += talk.mediaNodes) {
            boolean silent = true;
            for (byte each : levels[i]) {
                silent &= each == SpeechLevels.SILENT;
            }
            if (!silent) {
                audible.add(new TrackLevels(sid(i), "MT" + i, levels[i].clone()));
            }
        }
        return audible;
    }

    private void planTurns() {
        int now = 500;
        int last = -1;
        while (now < lengthMillis) {
            int speaker = random.nextInt(participants - (last < 0 ? 0 : 1));
            speaker += last >= 0 && speaker >= last ? 1 : 0;
            int end = now + TURN_MILLIS_MIN + random.nextInt(TURN_MILLIS_MAX - TURN_MILLIS_MIN);
            if (end < lengthMillis) {
                turns.add(new Turn(speaker, roundToSlot(now), roundToSlot(end)));
            }
            last = speaker;
            now = end + random.nextInt(BETWEEN_TURNS_MILLIS_MAX);
        }
    }

    private static int roundToSlot(int millis) {
        return millis / SLOT_MILLIS * SLOT_MILLIS;
    }

    /** Plans clicks (kind 0), back-channels (kind 1) and floor steps (kind 2): time, kind, participant. */
    private List<int[]> planDisturbances() {
        List<int[]> plan = new ArrayList<>();
        for (Turn turn : turns) {
            for (int i = 0; i < talk.clicksPerTurn + talk.backChannelsPerTurn; i++) {
                int other = (turn.speaker + 1 + random.nextInt(participants - 1)) % participants;
                boolean isClick = i < talk.clicksPerTurn;
                // A back-channel answers somebody who is talking; a click may come at any time.
                int from = isClick ? turn.startMillis : turn.startMillis + BACK_CHANNEL_MARGIN_MILLIS;
                int to = isClick ? turn.endMillis : turn.endMillis - BACK_CHANNEL_MARGIN_MILLIS;
                plan.add(new int[] {from + random.nextInt(to - from), isClick ? 0 : 1, other});
            }
        }
        if (talk.floorStepDbMax > 0 && !talk.floorStepsAfterTurns) {
            for (int at = FLOOR_STEP_EVERY_MILLIS; at < lengthMillis; at += FLOOR_STEP_EVERY_MILLIS) {
                plan.add(new int[] {at, 2, random.nextInt(participants)});
            }
        }
        plan.sort(Comparator.comparingInt(each -> each[0]));
        return plan;
    }

    private void disturb(List<int[]> plan, int now, SpeechLevels[] microphones, int[] backChannelFrom) {
        while (!plan.isEmpty() && plan.get(0)[0] <= now) {
            int[] next = plan.remove(0);
            switch (next[1]) {
                case 0 -> microphones[next[2]].click(now, 60 + random.nextInt(141));
                case 1 -> backChannelFrom[next[2]] = now;
                default -> {
                    if (current == null || current.speaker != next[2]) {
                        microphones[next[2]].floorStepDb = talk.floorStepDbMax * random.nextDouble();
                    }
                }
            }
        }
    }

    private void beginTurn(Turn turn) {
        current = turn;
        found = sid(turn.speaker).equals(shown);
    }

    private void endTurn(Turn turn) {
        verdict.turns++;
        if (!found) {
            verdict.missed++;
        }
        lastEnded = turn;
        current = null;
    }

    private void look(int now) {
        String dominant = detector.dominant();
        if (dominant == null || dominant.equals(shown)) {
            return;
        }
        Turn turn = current;
        Turn ended = lastEnded;
        boolean talks = turn != null && sid(turn.speaker).equals(dominant);
        boolean talked = ended != null && sid(ended.speaker).equals(dominant) && now - ended.endMillis <= TAIL_MILLIS;
        verdict.switches++;
        if (turn != null && talks && !found) {
            found = true;
            verdict.delays.add(now - turn.startMillis);
        } else if (!talks && !talked) {
            verdict.falseSwitches++;
        }
        if (turn != null && sid(turn.speaker).equals(shown)) {
            verdict.midSentence++;
        }
        shown = dominant;
    }

    /** The figures over all rooms of one kind. */
    static final class Verdict {
        final List<Integer> delays = new ArrayList<>();
        double minutes;
        int turns;
        int missed;
        int switches;
        int falseSwitches;
        int midSentence;

        double meanMillis() {
            return delays.stream().mapToInt(Integer::intValue).average().orElse(Double.NaN);
        }

        int percentileMillis(double share) {
            List<Integer> sorted = delays.stream().sorted().toList();
            return sorted.get((int) Math.min(sorted.size() - 1, Math.ceil(share * sorted.size()) - 1));
        }

        double falsePerMinute() {
            return falseSwitches / minutes;
        }

        double midSentencePerMinute() {
            return midSentence / minutes;
        }

        String row(String name) {
            return String.format(
                    java.util.Locale.ROOT,
                    "| %-42s | %4d | %5.0f | %5d | %5d | %6d | %5.2f | %5.2f |",
                    name,
                    turns,
                    meanMillis(),
                    percentileMillis(0.95),
                    percentileMillis(1),
                    missed,
                    falsePerMinute(),
                    midSentencePerMinute());
        }
    }
}
