package org.rotunda.room.speaker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.rotunda.media.control.TrackLevels;

class SpeakerDetectorTest {
    private static final long MILLI = 1_000_000;
    private static final int REPORT_MILLIS = 100;
    private static final int SPEECH = 30;
    private static final int NOISE = 65;
    private static final int SILENT = 127;

    private final SpeakerDetector detector = new SpeakerDetector();
    private int nowMillis;

    /** Passes 100 ms, in which each named participant has one level. Speech has a pause each second. */
    private void report(Object... levels) {
        nowMillis += REPORT_MILLIS;
        List<TrackLevels> tracks = new ArrayList<>();
        for (int i = 0; i < levels.length; i += 2) {
            tracks.add(track((String) levels[i], paused((Integer) levels[i + 1])));
        }
        detector.onReport("node", tracks, nowMillis * MILLI);
        detector.onTime(nowMillis * MILLI);
    }

    private int paused(int level) {
        return (level & 0x7F) <= SPEECH && nowMillis % 1_000 == 700 ? NOISE : level;
    }

    private static TrackLevels track(String participant, int level) {
        byte[] bytes = new byte[5];
        Arrays.fill(bytes, (byte) level);
        return new TrackLevels(participant, "MT" + participant, bytes);
    }

    private void reports(int count, Object... levels) {
        for (int i = 0; i < count; i++) {
            report(levels);
        }
    }

    private void join(String... participants) {
        for (String each : participants) {
            detector.onAudioEnabled(each, "MT" + each);
        }
    }

    /** Passes time without reports. Returns the number of decisions. */
    private int pass(int millis) {
        int decisions = 0;
        long endNanos = (nowMillis + millis) * MILLI;
        while (detector.nextDeadlineNanos() <= endNanos) {
            detector.onTime(detector.nextDeadlineNanos());
            decisions++;
        }
        nowMillis += millis;
        return decisions;
    }

    private @Nullable String seenBy(String subscriber) {
        return detector.dominantFor(subscriber, each -> true);
    }

    @Test
    void nobodyIsDominantBeforeAnybodySpeaks() {
        join("A", "B");

        reports(50, "A", NOISE, "B", NOISE);

        assertThat(detector.dominant()).isNull();
        assertThat(seenBy("A")).isNull();
        assertThat(detector.boostCleared()).isTrue();
    }

    @Test
    void speechIsFoundWithinHalfASecond() {
        join("A", "B");
        reports(30, "A", NOISE, "B", NOISE);

        reports(5, "A", NOISE, "B", SPEECH);

        assertThat(detector.dominant()).isEqualTo("B");
        assertThat(detector.boostCleared()).isFalse();
    }

    @Test
    void theDominantSpeakerSeesTheOneBeforeIt() {
        join("A", "B", "C");
        reports(20, "A", SPEECH);
        reports(20, "B", SPEECH);

        assertThat(seenBy("A")).isEqualTo("B");
        assertThat(seenBy("B")).isEqualTo("A");
        assertThat(seenBy("C")).isEqualTo("B");
        assertThat(detector.dominantFor("C", each -> !each.equals("B"))).isEqualTo("A");
        assertThat(detector.ranking()).containsExactly("B", "A", "C");
        assertThat(detector.rankOf("C")).isEqualTo(2);
        assertThat(detector.rankOf("D")).isEqualTo(3);
    }

    @Test
    void theLastSpeakerStaysInSilenceButItsBoostEnds() {
        join("A", "B");
        reports(20, "A", SPEECH);

        pass(2_000);
        assertThat(detector.boostCleared()).isFalse();
        pass(10_000);

        assertThat(detector.dominant()).isEqualTo("A");
        assertThat(detector.boostCleared()).isTrue();
    }

    @Test
    void aSilentRoomHasNoDeadline() {
        join("A");
        reports(20, "A", SPEECH);

        int decisions = pass(60_000);

        assertThat(decisions).isBetween(30, 80);
        assertThat(detector.nextDeadlineNanos()).isEqualTo(Long.MAX_VALUE);
        reports(5, "A", SPEECH);
        assertThat(detector.nextDeadlineNanos()).isLessThan(Long.MAX_VALUE);
        assertThat(detector.boostCleared()).isFalse();
    }

    @Test
    void whoDisablesItsAudioIsNotDominantAnyMore() {
        join("A", "B", "C");
        reports(20, "B", SPEECH);
        reports(20, "A", SPEECH);
        long before = detector.revision();

        detector.onAudioDisabled("A", "MTA");

        assertThat(detector.dominant()).isNull();
        assertThat(detector.revision()).isGreaterThan(before);
        assertThat(seenBy("C")).isNull();
        assertThat(seenBy("A"))
                .as("the view of the one who disabled its audio stays")
                .isEqualTo("B");
        assertThat(detector.ranking()).as("the ranking stays").containsExactly("A", "B", "C");

        reports(30, "A", SPEECH);
        assertThat(detector.dominant()).as("late levels of a disabled track").isNull();
        reports(5, "C", SPEECH);
        assertThat(detector.dominant()).as("no dwell after a vacancy").isEqualTo("C");
        assertThat(seenBy("B")).isEqualTo("C");
    }

    @Test
    void whoEnablesItsAudioAgainMustSpeakToBeSeen() {
        join("A", "B");
        reports(20, "A", SPEECH);
        detector.onAudioDisabled("A", "MTA");
        join("A");

        assertThat(seenBy("B")).isNull();
        reports(5, "A", SPEECH);
        assertThat(seenBy("B")).isEqualTo("A");
    }

    @Test
    void whoLeavesHasNoRank() {
        join("A", "B");
        reports(20, "B", SPEECH);
        reports(20, "A", SPEECH);

        detector.onParticipantLeft("A");

        assertThat(detector.dominant()).isNull();
        assertThat(seenBy("B")).isNull();
        assertThat(detector.ranking()).containsExactly("B");
        detector.onParticipantLeft("A");
        detector.onAudioDisabled("A", "MTA");
        assertThat(detector.ranking()).containsExactly("B");
    }

    @Test
    void aParticipantSpeaksOnAnyOfItsTracks() {
        join("A", "B");
        detector.onAudioEnabled("A", "second");
        reports(20, "B", SPEECH);

        for (int i = 0; i < 20; i++) {
            nowMillis += REPORT_MILLIS;
            byte[] loud = {SPEECH, SPEECH, SPEECH, SPEECH, SPEECH, SPEECH};
            detector.onReport(
                    "node",
                    List.of(track("A", NOISE), new TrackLevels("A", "second", loud), track("B", NOISE)),
                    nowMillis * MILLI);
        }

        assertThat(detector.dominant()).isEqualTo("A");
        detector.onAudioDisabled("A", "second");
        assertThat(detector.dominant()).as("its other track is enabled").isEqualTo("A");
    }

    @Test
    void aChangeStaysForTheDwellTime() {
        join("A", "B");
        reports(20, "A", SPEECH);
        while (!"B".equals(detector.dominant())) {
            report("B", SPEECH);
        }
        int changed = nowMillis;

        while (!"A".equals(detector.dominant())) {
            report("A", SPEECH);
        }

        assertThat(nowMillis - changed).isBetween(1_000, 1_200);
    }

    @Test
    void noOneTakesOverWhileTheSpeakerSpeaks() {
        join("A", "B");
        reports(20, "A", SPEECH);

        reports(100, "A", SPEECH, "B", SPEECH - 20);

        assertThat(detector.dominant()).isEqualTo("A");
    }

    @Test
    void silenceThatIsReportedCountsAtOnce() {
        join("A", "B");
        reports(30, "A", SPEECH, "B", SILENT);

        int reports = 0;
        while (!"B".equals(detector.dominant())) {
            report("B", SPEECH);
            reports++;
        }

        assertThat(reports).isLessThanOrEqualTo(6);
    }

    @Test
    void noiseThatRisesAroundTheLastSpeakerDoesNotKeepItDominant() {
        Random random = new Random(1);
        join("A", "B");
        reports(20, "A", SPEECH, "B", NOISE);
        for (int i = 0; i < 40; i++) {
            report("A", 40 + random.nextInt(4), "B", NOISE);
        }

        int reports = 0;
        while (!"B".equals(detector.dominant()) && reports < 20) {
            report("A", 40 + random.nextInt(4), "B", SPEECH);
            reports++;
        }

        assertThat(reports).isLessThanOrEqualTo(8);
    }

    @Test
    void levelsWithoutVoiceDoNotCountIfTheClientMarksVoices() {
        join("A", "B");
        reports(10, "A", SPEECH | 0x80, "B", SPEECH | 0x80);
        reports(20, "A", SPEECH, "B", SILENT);

        assertThat(detector.boostCleared()).isFalse();
        reports(40, "A", SPEECH);
        assertThat(detector.boostCleared()).as("loud, but no voice").isTrue();
    }

    @Test
    void theBeepsOfTwoFakeDevicesAreFound() {
        join("A", "B", "C");
        byte[] beep = {20, SILENT, SILENT, SILENT, SILENT};
        int found = 0;
        for (int i = 0; i < 50 && detector.dominant() == null; i++) {
            nowMillis += REPORT_MILLIS;
            detector.onReport(
                    "node",
                    i % 5 == 0
                            ? List.of(new TrackLevels("A", "MTA", beep), new TrackLevels("B", "MTB", beep))
                            : List.of(),
                    nowMillis * MILLI);
            detector.onTime(nowMillis * MILLI);
            found = nowMillis;
        }

        assertThat(found).isLessThanOrEqualTo(900);
        assertThat(seenBy("A")).isEqualTo("B");
        assertThat(seenBy("B")).isEqualTo("A");
        assertThat(seenBy("C")).isIn("A", "B");
    }

    @Test
    void beepsBesideASilentMicrophoneAreFoundAfterItsOwnerSpoke() {
        for (int silence : new int[] {SILENT, NOISE}) {
            SpeakerDetector room = new SpeakerDetector();
            room.onAudioEnabled("A", "MTA");
            room.onAudioEnabled("B", "MTB");
            long now = 0;
            for (int i = 0; i < 20; i++) {
                now += REPORT_MILLIS * MILLI;
                room.onReport("node", List.of(track("B", SPEECH), track("A", silence)), now);
            }
            long began = now;
            for (int i = 0; i < 30 && !"A".equals(room.dominant()); i++) {
                byte[] levels = {SILENT, SILENT, (byte) (i % 5 == 0 ? 20 : SILENT), SILENT, SILENT};
                now += REPORT_MILLIS * MILLI;
                room.onReport("node", List.of(new TrackLevels("A", "MTA", levels), track("B", silence)), now);
            }
            assertThat(room.dominant()).as("silence %s", silence).isEqualTo("A");
            assertThat((now - began) / MILLI).isLessThanOrEqualTo(1_700);
        }
    }

    @Test
    void aMoveToAnotherNodeLosesNothing() {
        join("A", "B");
        reports(20, "A", SPEECH);
        for (int i = 0; i < 20; i++) {
            nowMillis += REPORT_MILLIS;
            // The old node reports others, and its reports do not make A silent.
            detector.onReport("other", List.of(track("A", paused(SPEECH))), nowMillis * MILLI);
            detector.onReport("node", List.of(track("B", paused(SPEECH))), nowMillis * MILLI);
        }

        assertThat(detector.dominant()).isEqualTo("A");
    }

    /** A room on two event loops of a node is reported in two parts, which come at different times if a loop is late. */
    @Test
    void partsOfTwoLoopsShowWhoFellSilent() {
        join("A", "B", "C");
        reports(30, "A", SPEECH);
        assertThat(detector.dominant()).isEqualTo("A");

        for (int i = 0; i < 40; i++) {
            nowMillis += 60;
            detector.onReport("node", List.of(track("C", NOISE)), nowMillis * MILLI);
            detector.onTime(nowMillis * MILLI);
            nowMillis += 40;
            detector.onReport("node", List.of(track("B", paused(SPEECH))), nowMillis * MILLI);
            detector.onTime(nowMillis * MILLI);
        }
        assertThat(detector.dominant()).isEqualTo("B");
    }

    @Test
    void manyMediaNodesAreForgotten() {
        join("A");
        for (int i = 0; i < 10 * SpeakerDetector.SOURCES_MAX; i++) {
            nowMillis += REPORT_MILLIS;
            detector.onReport("node" + i, List.of(track("A", SPEECH)), nowMillis * MILLI);
        }

        assertThat(detector.dominant()).isEqualTo("A");
        assertThat(detector.sourcesKnown()).isLessThanOrEqualTo(SpeakerDetector.SOURCES_MAX);
    }

    @Test
    void theRankingFollowsTheActivityOfThoseWhoWereNeverDominant() {
        join("A", "B", "C");
        reports(100, "A", SPEECH, "C", NOISE, "B", SILENT);

        assertThat(detector.ranking()).containsExactly("A", "C", "B");
        long revision = detector.revision();
        reports(100, "A", SPEECH, "C", NOISE, "B", NOISE - 5);
        assertThat(detector.ranking()).as("a small difference").containsExactly("A", "C", "B");
        assertThat(detector.revision()).isEqualTo(revision);
    }

    @Test
    void noiseAloneIsNoSpeech() {
        Random random = new Random(7);
        join("A", "B", "C", "D", "E", "F");
        for (int i = 0; i < 6_000; i++) {
            report(
                    "A",
                    noise(random),
                    "B",
                    noise(random),
                    "C",
                    noise(random),
                    "D",
                    noise(random),
                    "E",
                    noise(random),
                    "F",
                    noise(random));
        }

        assertThat(detector.dominant()).isNull();
    }

    private static int noise(Random random) {
        return (int) Math.max(0, Math.min(SILENT, Math.round(62 + 5 * random.nextGaussian())));
    }

    @Test
    void aLongReportIsCutAndAnEmptyOneIgnored() {
        join("A");
        byte[] many = new byte[5_000];
        Arrays.fill(many, (byte) SPEECH);

        detector.onReport("node", List.of(new TrackLevels("A", "MTA", new byte[0])), 0);
        detector.onReport("node", List.of(), 0);
        assertThat(detector.dominant()).isNull();
        detector.onReport("node", List.of(new TrackLevels("A", "MTA", many)), 100 * MILLI);

        assertThat(detector.dominant()).isEqualTo("A");
    }
}
