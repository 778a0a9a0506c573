package org.rotunda.room.speaker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.rotunda.media.control.TrackLevels;

/** Any levels, in any order, at any time, with participants who come and go and mute. */
class SpeakerProperties {
    private static final int STEPS = 400;
    private static final long MILLI = 1_000_000;

    /** A run of random calls. After each call it checks what must always hold. */
    private static final class Run {
        private final Random random;
        private final int participants;
        private final SpeakerDetector detector = new SpeakerDetector();
        private final Set<String> enabled = new HashSet<>();
        private final List<String> answers = new ArrayList<>();
        private long nowNanos;
        private long revision;
        private String answer = "";

        private Run(long seed, int participants) {
            random = new Random(seed);
            this.participants = participants;
            nowNanos = random.nextLong() >> 8; // System.nanoTime may be negative.
        }

        private List<String> all() {
            for (int i = 0; i < STEPS; i++) {
                step();
                check();
            }
            return answers;
        }

        private void step() {
            String sid = "PA" + random.nextInt(participants);
            String track = "MT" + random.nextInt(2);
            switch (random.nextInt(20)) {
                case 0, 1 -> {
                    detector.onAudioEnabled(sid, track);
                    enabled.add(sid + track);
                }
                case 2 -> {
                    detector.onAudioDisabled(sid, track);
                    enabled.remove(sid + track);
                }
                case 3 -> {
                    if (random.nextInt(4) == 0) {
                        detector.onParticipantLeft(sid);
                        enabled.removeIf(each -> each.startsWith(sid + "MT"));
                    }
                }
                case 4 -> nowNanos += random.nextInt(6_000) * MILLI;
                case 5 -> detector.onTime(detector.nextDeadlineNanos() == Long.MAX_VALUE ? nowNanos : later());
                default -> {
                    nowNanos += random.nextInt(120) * MILLI;
                    detector.onReport("node" + random.nextInt(3), levels(), nowNanos);
                    detector.onTime(nowNanos);
                }
            }
        }

        private long later() {
            nowNanos = Math.max(nowNanos, detector.nextDeadlineNanos());
            return nowNanos;
        }

        private List<TrackLevels> levels() {
            List<TrackLevels> levels = new ArrayList<>();
            int count = random.nextInt(2 * participants + 2);
            for (int i = 0; i < count; i++) {
                byte[] bytes = new byte[random.nextInt(8) == 0 ? random.nextInt(80) : 5];
                random.nextBytes(bytes);
                levels.add(new TrackLevels("PA" + random.nextInt(participants + 1), "MT" + random.nextInt(3), bytes));
            }
            return levels;
        }

        private void check() {
            String dominant = detector.dominant();
            List<String> ranking = detector.ranking();
            assertThat(new HashSet<>(ranking)).hasSameSizeAs(ranking);
            if (dominant != null) {
                assertThat(enabled)
                        .as("a muted participant is not dominant")
                        .anyMatch(each -> each.startsWith(dominant + "MT"));
                assertThat(ranking.get(0)).isEqualTo(dominant);
            }
            StringBuilder text = new StringBuilder();
            text.append(dominant).append(ranking).append(detector.boostCleared());
            for (int i = 0; i <= participants; i++) {
                String subscriber = "PA" + i;
                String seen = detector.dominantFor(subscriber, each -> true);
                assertThat(seen).isNotEqualTo(subscriber);
                assertThat(detector.dominantFor(subscriber, each -> false)).isNull();
                if (seen != null) {
                    assertThat(enabled).anyMatch(each -> each.startsWith(seen + "MT"));
                }
                text.append(seen);
            }
            if (!answers.isEmpty() && detector.revision() == revision) {
                assertThat(text.toString())
                        .as("answers change only with the revision")
                        .isEqualTo(answer);
            }
            revision = detector.revision();
            answer = text.toString();
            answers.add(answer);
        }
    }

    @Property(tries = 300)
    void anyLevelsAreTaken(@ForAll long seed, @ForAll @IntRange(min = 1, max = 8) int participants) {
        new Run(seed, participants).all();
    }

    @Property(tries = 50)
    void equalInputsHaveEqualAnswers(@ForAll long seed, @ForAll @IntRange(min = 1, max = 8) int participants) {
        assertThat(new Run(seed, participants).all()).isEqualTo(new Run(seed, participants).all());
    }

    @Property(tries = 100)
    void theDominantSpeakerStaysForTheDwellTime(@ForAll long seed) {
        Random random = new Random(seed);
        SpeakerDetector detector = new SpeakerDetector();
        for (int i = 0; i < 4; i++) {
            detector.onAudioEnabled("PA" + i, "MT");
        }
        String shown = null;
        long shownNanos = 0;
        for (long now = 0; now < 20_000 * MILLI; now += 100 * MILLI) {
            List<TrackLevels> levels = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                byte[] bytes = new byte[5];
                Arrays.fill(bytes, (byte) (random.nextBoolean() ? 127 : random.nextInt(60)));
                levels.add(new TrackLevels("PA" + i, "MT", bytes));
            }
            detector.onReport("node", levels, now);
            if (!Objects.equals(detector.dominant(), shown)) {
                assertThat(shown == null || now - shownNanos >= SpeakerDetector.DWELL_NANOS)
                        .isTrue();
                shown = detector.dominant();
                shownNanos = now;
            }
        }
    }
}
