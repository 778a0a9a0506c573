package org.rotunda.room.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rotunda.room.quality.Views.audio;
import static org.rotunda.room.quality.Views.received;
import static org.rotunda.room.quality.Views.sent;
import static org.rotunda.room.quality.Views.video;

import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.rotunda.media.control.QualityReport;
import org.rotunda.media.control.QualityReport.Direction;
import org.rotunda.media.control.TransportId;

class QualityProperties {
    private static final TransportId TRANSPORT = new TransportId("RM", "PA", "connection");
    private static final long SECOND = 1_000_000_000L;
    private static final int STEADY_SECONDS = 40;

    @Property
    void worseMetricsHaveNoBetterLevel(
            @ForAll @DoubleRange(min = 0, max = 2_000) double one,
            @ForAll @DoubleRange(min = 0, max = 2_000) double two) {
        double better = Math.min(one, two);
        double worse = Math.max(one, two);
        assertThat(QualityScale.ofRtt(better)).isGreaterThanOrEqualTo(QualityScale.ofRtt(worse));
        assertThat(QualityScale.ofJitter(better)).isGreaterThanOrEqualTo(QualityScale.ofJitter(worse));
        assertThat(QualityScale.ofAudioLoss(better / 2_000))
                .isGreaterThanOrEqualTo(QualityScale.ofAudioLoss(worse / 2_000));
        assertThat(QualityScale.ofVideoLoss(better / 2_000))
                .isGreaterThanOrEqualTo(QualityScale.ofVideoLoss(worse / 2_000));
        assertThat(QualityScale.ofBandwidth(worse / 1_000))
                .isGreaterThanOrEqualTo(QualityScale.ofBandwidth(better / 1_000));
        assertThat(List.of(
                        QualityScale.ofRtt(one),
                        QualityScale.ofJitter(one),
                        QualityScale.ofAudioLoss(one),
                        QualityScale.ofVideoLoss(one),
                        QualityScale.ofBandwidth(one)))
                .allMatch(level -> level >= QualityScale.LEVEL_MIN && level <= QualityScale.LEVEL_MAX);
    }

    @Property(tries = 300)
    void aWorseNetworkHasNoBetterLevel(
            @ForAll @DoubleRange(min = 0, max = 0.3) double loss,
            @ForAll @IntRange(min = 0, max = 1_000) int rtt,
            @ForAll @IntRange(min = 0, max = 200) int jitter,
            @ForAll @IntRange(min = 0, max = 4_000_000) int available,
            @ForAll @IntRange(min = 0, max = 3) int worsened,
            @ForAll @DoubleRange(min = 1, max = 4) double factor) {
        int before = steadyLevel(loss, rtt, jitter, available);
        int after = switch (worsened) {
            case 0 -> steadyLevel(loss * factor, rtt, jitter, available);
            case 1 -> steadyLevel(loss, (int) (rtt * factor), jitter, available);
            case 2 -> steadyLevel(loss, rtt, (int) (jitter * factor), available);
            default -> steadyLevel(loss, rtt, jitter, (int) (available / factor));
        };
        assertThat(after).isLessThanOrEqualTo(before);
    }

    private static int steadyLevel(double loss, int rtt, int jitter, long available) {
        QualityMeter meter = new QualityMeter(0);
        meter.onDemand(new VideoDemand(0, 2_000_000, available));
        Direction direction = new Direction(loss, jitter, 60);
        for (int i = 1; i <= STEADY_SECONDS; i++) {
            meter.onReport(
                    new QualityReport(TRANSPORT, direction, direction, direction, direction, rtt, 1, 1), i * SECOND);
        }
        return meter.level();
    }

    @Property(tries = 500)
    void anyMeasurementsHaveALevel(@ForAll long seed) {
        Random random = new Random(seed);
        long now = random.nextLong() >> 8;
        QualityMeter meter = new QualityMeter(now);
        for (int i = 0; i < 200; i++) {
            now += random.nextInt(1_500) * 1_000_000L;
            switch (random.nextInt(8)) {
                case 0 -> meter.onNewConnection(now);
                case 1 -> meter.onClientNetwork(ClientNetwork.of(anyDouble(random), anyDouble(random)));
                case 2 -> meter.onDemand(new VideoDemand(anyLong(random), anyLong(random), anyLong(random)));
                case 3 -> meter.onSentLayersChanged(now);
                case 4 -> meter.onReceivedLayersChanged(now);
                default ->
                    meter.onReport(
                            new QualityReport(
                                    TRANSPORT,
                                    any(random),
                                    any(random),
                                    any(random),
                                    any(random),
                                    random.nextInt(),
                                    anyLong(random),
                                    anyLong(random)),
                            now);
            }
            check(meter);
        }
    }

    private static void check(QualityMeter meter) {
        QualityAnswer.View view = meter.view(QualityAnswer.WITH_MEASUREMENTS);
        List<Integer> parts = List.of(
                audio(view).send(),
                audio(view).recv(),
                video(view).send(),
                video(view).recv());
        assertThat(parts).allMatch(level -> level >= QualityScale.LEVEL_MIN && level <= QualityScale.LEVEL_MAX);
        assertThat(view.level()).isEqualTo(parts.stream().min(Integer::compare).orElseThrow());
        assertThat(view.level()).isEqualTo(meter.level());
        assertThat(meter.view(QualityAnswer.LEVEL_ONLY).level()).isEqualTo(view.level());
        for (QualityAnswer.Media media : List.of(audio(view), video(view))) {
            for (QualityAnswer.Measurements each : List.of(sent(media), received(media))) {
                assertThat(each.fractionLost().fractionLost()).isBetween(0.0, 1.0);
                assertThat(each.latency().jitterSeconds()).isNotNegative();
                assertThat(each.latency().rttSeconds()).isNotNegative();
            }
        }
    }

    private static Direction any(Random random) {
        return new Direction(
                anyDouble(random), random.nextInt(), random.nextBoolean() ? random.nextInt(400) : random.nextInt());
    }

    private static double anyDouble(Random random) {
        return switch (random.nextInt(5)) {
            case 0 -> Double.NaN;
            case 1 -> Double.POSITIVE_INFINITY;
            case 2 -> -random.nextDouble();
            default -> random.nextDouble();
        };
    }

    private static long anyLong(Random random) {
        return random.nextBoolean() ? random.nextInt(5_000_000) : random.nextLong();
    }
}
