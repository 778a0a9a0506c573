package org.rotunda.room.allocation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.rotunda.room.allocation.BandwidthProfile.Mode;
import org.rotunda.room.allocation.BandwidthProfile.SwitchOffMode;
import org.rotunda.room.protocol.TrackPriority;

/** Properties of the allocation for random tracks, profiles and bandwidths. */
class AllocatorProperties {
    static final int TRACKS_MAX = 12;

    @Property(tries = 3000)
    void theSumFitsUnlessTheProfileOrTheGraceForbidsIt(@ForAll long seed) {
        Random random = new Random(seed);
        BandwidthProfile profile = randomProfile(random);
        List<TrackInput> tracks = randomTracks(random);
        SubscriberInput input = randomInput(random);

        Allocation allocation = Allocator.allocate(profile, tracks, input, random.nextBoolean());

        boolean exceeds = allocation.sumBps() > allocation.budgetBps();
        List<Reason> reasons = allocation.tracks().stream()
                .map(share -> share.explanation().reason())
                .toList();
        if (exceeds && profile.switchOffMode() == SwitchOffMode.PREDICTED) {
            // Only the first track that costs anything may be too much, and then it is alone.
            assertThat(allocation.tracks().stream()
                            .filter(share -> share.layer() != null)
                            .count())
                    .isEqualTo(1);
            assertThat(allocation.sumBps() * Engine.GRACE_PERCENT).isLessThanOrEqualTo(allocation.budgetBps() * 100);
        }
        if (profile.switchOffMode() == SwitchOffMode.DISABLED) {
            assertThat(reasons).doesNotContain(Reason.CONGESTION_OFF);
        }
        assertThat(reasons.stream().filter(reason -> !reason.isOff()).count())
                .isLessThanOrEqualTo(profile.maxTracks() == 0 ? Integer.MAX_VALUE : profile.maxTracks());
        for (Allocation.Share share : allocation.tracks()) {
            LadderPoint desired = share.explanation().desired();
            assertThat(share.layer() == null
                            || (desired != null && share.layer().bps() <= desired.bps()))
                    .isTrue();
        }
    }

    @Property(tries = 3000)
    void noScalableTrackIsOnWhileAMoreImportantOneIsOffForCongestion(@ForAll long seed) {
        Random random = new Random(seed);
        List<TrackInput> tracks = randomTracks(random);

        Allocation allocation =
                Allocator.allocate(randomProfile(random), tracks, randomInput(random), random.nextBoolean());

        boolean isOff = false;
        for (Allocation.Share share : allocation.tracks()) {
            TrackInput track = tracks.stream()
                    .filter(each -> each.track().equals(share.track()))
                    .findAny()
                    .orElseThrow();
            if (track.ladder().isScalable()) {
                assertThat(isOff && share.layer() != null).isFalse();
                isOff |= share.explanation().reason() == Reason.CONGESTION_OFF;
            }
        }
    }

    @Property(tries = 3000)
    void moreBandwidthNeverLowersTheSum(@ForAll long seed) {
        Random random = new Random(seed);
        BandwidthProfile profile = randomProfile(random);
        List<TrackInput> tracks = randomTracks(random);
        boolean confirmed = random.nextBoolean();
        long before = 0;
        long bps = 0;
        for (int i = 0; i < 60; i++) {
            bps += random.nextInt(200_000);
            SubscriberInput input = new SubscriberInput(bps, 0, Long.MAX_VALUE, false, 0, 0);
            long sum = Allocator.allocate(profile, tracks, input, confirmed).sumBps();
            assertThat(sum).isGreaterThanOrEqualTo(before);
            before = sum;
        }
    }

    @Property(tries = 2000)
    void theOrderOfTheInputsHasNoEffect(@ForAll long seed) {
        Random random = new Random(seed);
        BandwidthProfile profile = randomProfile(random);
        List<TrackInput> tracks = randomTracks(random);
        SubscriberInput input = randomInput(random);
        List<TrackInput> shuffled = new ArrayList<>(tracks);
        Collections.shuffle(shuffled, random);

        assertThat(Allocator.allocate(profile, shuffled, input, true))
                .isEqualTo(Allocator.allocate(profile, tracks, input, true));
    }

    static BandwidthProfile randomProfile(Random random) {
        return AllocationSamples.profile(
                pick(List.of(Mode.values()), random),
                pick(List.of(SwitchOffMode.values()), random),
                random.nextInt(3) == 0 ? 1 + random.nextInt(6) : 0);
    }

    static List<TrackInput> randomTracks(Random random) {
        List<TrackInput> tracks = new ArrayList<>();
        int count = random.nextInt(TRACKS_MAX + 1);
        for (int i = 0; i < count; i++) {
            tracks.add(randomTrack((char) ('A' + i), random));
        }
        return tracks;
    }

    static TrackInput randomTrack(char letter, Random random) {
        boolean screen = random.nextInt(5) == 0;
        TrackPriority priority = pick(List.of(TrackPriority.values()), random);
        RenderSize size = random.nextBoolean() ? null : new RenderSize(random.nextInt(1400), random.nextInt(800));
        return new TrackInput(
                AllocationSamples.sid(letter),
                priority,
                size,
                random.nextInt(8) != 0,
                screen,
                random.nextInt(4),
                letter,
                randomLadder(screen, random));
    }

    private static Ladder randomLadder(boolean screen, Random random) {
        if (screen) {
            return AllocationSamples.SCREEN;
        }
        return switch (random.nextInt(8)) {
            case 0 -> Ladder.EMPTY;
            case 1 -> Ladder.single(640, 360, 30_000 + random.nextInt(2_000_000));
            case 2 -> Ladder.elastic(1280, 720);
            case 3 -> Ladder.camera(640, 360, 2);
            case 4 -> Ladder.camera(320, 180, 1);
            default -> AllocationSamples.CAMERA;
        };
    }

    private static <T> T pick(List<T> values, Random random) {
        return values.get(random.nextInt(values.size()));
    }

    static SubscriberInput randomInput(Random random) {
        long scale = random.nextBoolean() ? 300_000 : 6_000_000;
        long cap = random.nextInt(4) == 0 ? random.nextInt(1_000_000) : AllocationSamples.ROOM_CAP_BPS;
        return new SubscriberInput(
                random.nextLong(scale),
                random.nextInt(100_000),
                cap,
                false,
                random.nextDouble() / 5,
                random.nextInt(400));
    }
}
