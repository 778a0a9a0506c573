package org.rotunda.room.speaker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.rotunda.media.control.TrackLevels;

class LoudestTracksTest {
    private static final long MILLI = 1_000_000;
    private static final int SPEECH = 30;

    private final LoudestTracks tracks = new LoudestTracks(3);
    private long nowMillis;

    private void enable(String... sids) {
        for (String each : sids) {
            tracks.onAudioEnabled(each, nowMillis * MILLI);
        }
    }

    private void report(Object... levels) {
        nowMillis += 100;
        List<TrackLevels> reported = new ArrayList<>();
        for (int i = 0; i < levels.length; i += 2) {
            byte[] bytes = new byte[5];
            Arrays.fill(bytes, (byte) (int) (Integer) levels[i + 1]);
            reported.add(new TrackLevels("PA", (String) levels[i], bytes));
        }
        tracks.onReport(reported, nowMillis * MILLI);
    }

    private void reports(int count, Object... levels) {
        for (int i = 0; i < count; i++) {
            report(levels);
        }
    }

    @Example
    void aSmallRoomForwardsAllTracks() {
        enable("a", "b", "c", "d", "e");

        tracks.onParticipants(LoudestTracks.PARTICIPANTS_WITHOUT_CHOICE);
        assertThat(tracks.isOn()).isFalse();
        assertThat(tracks.forwarded()).containsExactly("a", "b", "c", "d", "e");
        long revision = tracks.revision();

        tracks.onParticipants(LoudestTracks.PARTICIPANTS_WITHOUT_CHOICE + 1);
        assertThat(tracks.isOn()).isTrue();
        assertThat(tracks.revision()).isGreaterThan(revision);
        assertThat(tracks.forwarded()).containsExactly("a", "b", "c");
        assertThat(tracks.isForwarded("d")).isFalse();
        assertThat(tracks.isForwarded("unknown")).isFalse();
    }

    @Example
    void aTrackIsForwardedWithTheFirstReportOfItsSpeech() {
        tracks.onParticipants(20);
        enable("a", "b", "c", "d");
        reports(10, "b", SPEECH, "c", SPEECH);

        report("d", SPEECH, "b", SPEECH, "c", SPEECH);

        assertThat(tracks.forwarded()).containsExactly("b", "c", "d");
    }

    @Example
    void aPauseDoesNotCostThePlace() {
        tracks.onParticipants(20);
        enable("a", "b", "c", "d");
        reports(10, "a", SPEECH, "b", SPEECH, "c", SPEECH);
        reports(20, "b", SPEECH, "c", SPEECH);

        report("b", SPEECH, "c", SPEECH, "d", SPEECH);
        assertThat(tracks.isForwarded("a")).as("within the hang-over").isTrue();
        reports(10, "b", SPEECH, "c", SPEECH, "d", SPEECH);
        assertThat(tracks.isForwarded("a"))
                .as("after the hang-over, and d is active")
                .isFalse();
        assertThat(tracks.isForwarded("d")).isTrue();
    }

    @Example
    void whoIsSilentKeepsThePlaceThatNobodyNeeds() {
        tracks.onParticipants(20);
        enable("a", "b", "c", "d");
        reports(10, "a", SPEECH);
        long revision = tracks.revision();

        reports(600);

        assertThat(tracks.forwarded()).containsExactly("a", "b", "c");
        assertThat(tracks.revision()).isEqualTo(revision);
    }

    @Example
    void amongActiveTracksAClearlyLouderOneWins() {
        tracks.onParticipants(20);
        enable("a", "b", "c", "d");
        reports(30, "a", SPEECH, "b", SPEECH, "c", SPEECH + 15, "d", SPEECH + 11);
        assertThat(tracks.isForwarded("d")).as("4 dB louder than c").isFalse();

        reports(4, "a", SPEECH, "b", SPEECH, "c", SPEECH + 15, "d", SPEECH);
        assertThat(tracks.isForwarded("d")).as("louder, but not long enough").isFalse();
        reports(5, "a", SPEECH, "b", SPEECH, "c", SPEECH + 15, "d", SPEECH);

        assertThat(tracks.forwarded()).containsExactly("a", "b", "d");
    }

    @Example
    void aNewTrackStaysForAMomentEvenIfOthersAreLouder() {
        tracks.onParticipants(20);
        enable("a", "b", "c", "d", "e");
        reports(35, "a", SPEECH, "b", SPEECH);
        report("a", SPEECH, "b", SPEECH, "d", SPEECH + 15);
        assertThat(tracks.isForwarded("d")).isTrue();

        reports(15, "a", SPEECH, "b", SPEECH, "d", SPEECH + 15, "e", SPEECH);
        assertThat(tracks.isForwarded("d")).isTrue();
        reports(10, "a", SPEECH, "b", SPEECH, "d", SPEECH + 15, "e", SPEECH);
        assertThat(tracks.isForwarded("e")).isTrue();
        assertThat(tracks.isForwarded("d")).isFalse();
    }

    @Example
    void aFreePlaceGoesToTheTrackThatWasActiveLast() {
        tracks.onParticipants(20);
        enable("a", "b", "c", "d", "e");
        reports(10, "a", SPEECH, "b", SPEECH, "c", SPEECH, "e", SPEECH + 3);

        tracks.onAudioDisabled("b", nowMillis * MILLI);

        assertThat(tracks.forwarded()).containsExactly("a", "c", "e");
        tracks.onAudioDisabled("unknown", nowMillis * MILLI);
        tracks.onAudioDisabled("d", nowMillis * MILLI);
        assertThat(tracks.forwarded()).containsExactly("a", "c", "e");
    }

    @Example
    void atLeastOneTrackIsForwarded() {
        assertThatThrownBy(() -> new LoudestTracks(0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Property(tries = 200)
    void theNumberOfForwardedTracksIsKept(@ForAll long seed, @ForAll @IntRange(min = 1, max = 6) int tracksMax) {
        Random random = new Random(seed);
        LoudestTracks room = new LoudestTracks(tracksMax);
        room.onParticipants(30);
        int enabled = 0;
        boolean[] isEnabled = new boolean[12];
        List<String> before = List.of();
        long revision = 0;
        long now = random.nextLong() >> 8;
        for (int i = 0; i < 500; i++) {
            int track = random.nextInt(isEnabled.length);
            now += random.nextInt(150) * MILLI;
            switch (random.nextInt(10)) {
                case 0 -> {
                    enabled += isEnabled[track] ? 0 : 1;
                    isEnabled[track] = true;
                    room.onAudioEnabled("MT" + track, now);
                }
                case 1 -> {
                    enabled -= isEnabled[track] ? 1 : 0;
                    isEnabled[track] = false;
                    room.onAudioDisabled("MT" + track, now);
                }
                default -> {
                    List<TrackLevels> levels = new ArrayList<>();
                    for (int k = random.nextInt(6); k > 0; k--) {
                        byte[] bytes = new byte[random.nextInt(8)];
                        random.nextBytes(bytes);
                        levels.add(new TrackLevels("PA", "MT" + random.nextInt(14), bytes));
                    }
                    room.onReport(levels, now);
                }
            }
            assertThat(room.forwarded()).hasSize(Math.min(enabled, tracksMax));
            if (room.revision() == revision) {
                assertThat(room.forwarded()).isEqualTo(before);
            }
            revision = room.revision();
            before = room.forwarded();
        }
    }
}
