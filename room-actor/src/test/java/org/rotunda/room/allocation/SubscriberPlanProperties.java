package org.rotunda.room.allocation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.rotunda.room.allocation.BandwidthProfile.SwitchOffMode;
import org.rotunda.room.protocol.TrackSid;

/** Properties of plans under random bandwidths, tiles, speakers, publishers and layers over minutes of virtual time. */
class SubscriberPlanProperties {
    private static final int STEPS = 150;

    /** A plan takes fewer steps than this between two inputs, or it does not come to rest. */
    private static final int TIMEOUTS_MAX = 300;

    @Property(tries = 400)
    void limitsHoldAtAllTimes(@ForAll long seed) {
        World world = new World(seed, false);
        for (int i = 0; i < STEPS; i++) {
            world.step();
        }
    }

    @Property(tries = 200)
    void theSameInputsGiveTheSameOutputs(@ForAll long seed) {
        World one = new World(seed, false);
        World other = new World(seed, true);
        for (int i = 0; i < STEPS; i++) {
            one.step();
            other.step();
            assertThat(other.layers()).isEqualTo(one.layers());
            assertThat(other.lastAnnounced).isEqualTo(one.lastAnnounced);
            assertThat(other.plan.demand()).isEqualTo(one.plan.demand());
        }
    }

    @Property(tries = 200)
    void aPlanComesToRestWithTheLayersThatTheBandwidthAllows(@ForAll long seed) {
        World world = new World(seed, false);
        for (int i = 0; i < STEPS / 3; i++) {
            world.step();
        }
        world.become(100_000);
        world.rest();
        Allocation ample = Allocator.allocate(world.profile, world.tracks, world.input, false);
        for (Allocation.Share share : ample.tracks()) {
            if (share.explanation().desired() != null && world.profile.maxTracks() == 0) {
                assertThat(world.plan.layer(share.track()).orElse(null))
                        .as("%s", share)
                        .isEqualTo(share.layer());
            }
        }
    }

    /** A subscriber with its client and its plan. */
    private static final class World {
        final BandwidthProfile profile;
        final SubscriberPlan plan;
        final List<TrackInput> tracks = new ArrayList<>();
        List<Set<TrackSid>> lastAnnounced = List.of();
        SubscriberInput input;
        private final Random random;
        private final Random shuffling = new Random(1);
        private final boolean isShuffled;
        private final Set<TrackSid> believedOff = new HashSet<>();
        private final Map<TrackSid, Integer> spatial = new HashMap<>();
        private final Map<TrackSid, Long> spatialUpNanos = new HashMap<>();
        private final long[] overSinceNanos = {Long.MAX_VALUE};
        private long nowNanos = TimeUnit.SECONDS.toNanos(100);

        World(long seed, boolean isShuffled) {
            random = new Random(seed);
            this.isShuffled = isShuffled;
            profile = AllocatorProperties.randomProfile(random);
            plan = new SubscriberPlan(profile);
            tracks.addAll(AllocatorProperties.randomTracks(random));
            input = AllocatorProperties.randomInput(random);
            plan.onConditions(input, nowNanos);
            give();
        }

        void step() {
            pass(random.nextInt(4) == 0 ? random.nextInt(20_000) : random.nextInt(1_500));
            switch (random.nextInt(6)) {
                case 0, 1, 2 -> {
                    input = AllocatorProperties.randomInput(random);
                    plan.onConditions(input, nowNanos);
                    check();
                }
                case 3 -> {
                    tracks.stream().map(TrackInput::track).forEach(track -> {
                        if (random.nextBoolean()) {
                            plan.onFlowing(track, nowNanos);
                        }
                    });
                    check();
                }
                case 4 -> {
                    replace();
                    give();
                }
                default -> {
                    if (!tracks.isEmpty()) {
                        int index = random.nextInt(tracks.size());
                        TrackInput old = tracks.get(index);
                        tracks.set(
                                index,
                                random.nextBoolean()
                                        ? AllocationSamples.loud(old, random.nextInt(4))
                                        : AllocationSamples.enabled(old, !old.clientEnabled()));
                    }
                    give();
                }
            }
        }

        /** Publishes, ends or changes one track. */
        private void replace() {
            char letter = (char) ('A' + random.nextInt(AllocatorProperties.TRACKS_MAX));
            boolean removed = tracks.removeIf(track -> track.track().equals(AllocationSamples.sid(letter)));
            if (!removed || random.nextBoolean()) {
                tracks.add(AllocatorProperties.randomTrack(letter, random));
            }
        }

        private void give() {
            List<TrackInput> given = new ArrayList<>(tracks);
            if (isShuffled) {
                Collections.shuffle(given, shuffling);
            }
            Set<TrackSid> present = new HashSet<>();
            tracks.forEach(track -> present.add(track.track()));
            believedOff.retainAll(present);
            spatial.keySet().retainAll(present);
            spatialUpNanos.keySet().retainAll(present);
            plan.onTracks(given, nowNanos);
            check();
        }

        /** Sets the bandwidth to this and ends all congestion. */
        void become(long kbps) {
            input = new SubscriberInput(kbps * 1000, 0, 100_000_000, false, 0, 0);
            plan.onConditions(input, nowNanos);
            check();
        }

        void pass(long millis) {
            long endNanos = nowNanos + TimeUnit.MILLISECONDS.toNanos(millis);
            for (int i = 0; plan.nextDeadlineNanos() <= endNanos; i++) {
                assertThat(i).isLessThan(TIMEOUTS_MAX);
                assertThat(plan.nextDeadlineNanos()).isGreaterThan(nowNanos);
                nowNanos = plan.nextDeadlineNanos();
                plan.onTimeout(nowNanos);
                check();
            }
            nowNanos = endNanos;
        }

        void rest() {
            for (int i = 0; plan.nextDeadlineNanos() != SubscriberPlan.NO_DEADLINE; i++) {
                assertThat(i).isLessThan(TIMEOUTS_MAX);
                nowNanos = plan.nextDeadlineNanos();
                plan.onTimeout(nowNanos);
                check();
            }
        }

        Map<TrackSid, String> layers() {
            Map<TrackSid, String> layers = new HashMap<>();
            tracks.forEach(track -> layers.put(
                    track.track(),
                    plan.layer(track.track()).map(LadderPoint::toString).orElse("off")));
            return layers;
        }

        private void check() {
            checkAnnouncements();
            checkSum();
            checkDwell();
            for (TrackInput track : tracks) {
                Explanation explanation = plan.explain(track.track(), nowNanos).orElseThrow();
                assertThat(explanation.reason().isOff())
                        .isEqualTo(plan.layer(track.track()).isEmpty());
                assertThat(explanation.text()).isNotEmpty();
                if (!track.clientEnabled()) {
                    assertThat(explanation.reason()).isEqualTo(Reason.CLIENT_OFF);
                }
                if (profile.switchOffMode() == SwitchOffMode.DISABLED) {
                    assertThat(explanation.reason()).isNotEqualTo(Reason.CONGESTION_OFF);
                }
            }
            assertThat(tracks.stream()
                            .filter(track -> plan.layer(track.track()).isPresent())
                            .count())
                    .isLessThanOrEqualTo(profile.maxTracks() == 0 ? Integer.MAX_VALUE : profile.maxTracks());
        }

        /** Only tracks of the plan are announced, and each announcement tells the client something new. */
        private void checkAnnouncements() {
            SubscriberPlan.SwitchOffs announced = plan.takeSwitchOffs();
            lastAnnounced = List.of(Set.copyOf(announced.off()), Set.copyOf(announced.on()));
            assertThat(Collections.disjoint(announced.off(), announced.on())).isTrue();
            Set<TrackSid> present = new HashSet<>();
            tracks.forEach(track -> present.add(track.track()));
            announced.off().forEach(track -> assertThat(believedOff.add(track)).isTrue());
            announced
                    .on()
                    .forEach(track -> assertThat(believedOff.remove(track)).isTrue());
            assertThat(present).containsAll(announced.off()).containsAll(announced.on());
        }

        /** The sum fits, but for the tolerated excess, the grace and the lowest layers that must stay. */
        private void checkSum() {
            if (plan.sumBps() <= plan.budgetBps()) {
                overSinceNanos[0] = Long.MAX_VALUE;
                return;
            }
            if (overSinceNanos[0] == Long.MAX_VALUE) {
                overSinceNanos[0] = nowNanos;
            }
            boolean tolerated = plan.sumBps() * 100 <= plan.budgetBps() * (100 + SubscriberPlan.EXCESS_PERCENT);
            boolean onlyLeast = tracks.stream()
                    .allMatch(track -> plan.layer(track.track())
                            .map(layer -> track.ladder().size() == 0
                                    || layer.bps() == track.ladder().bps(0))
                            .orElse(true));
            assertThat(tolerated || onlyLeast)
                    .as("%s of %s in %s: %s of %s", plan.sumBps(), plan.budgetBps(), profile, layers(), tracks)
                    .isTrue();
            long on = tracks.stream()
                    .filter(track -> plan.layer(track.track()).isPresent()
                            && track.ladder().size() > 0)
                    .count();
            if (profile.switchOffMode() == SwitchOffMode.PREDICTED && !tolerated) {
                assertThat(on).isEqualTo(1); // The grace.
            }
        }

        private void checkDwell() {
            for (TrackInput track : tracks) {
                int before = spatial.getOrDefault(track.track(), -1);
                int now = plan.layer(track.track()).map(LadderPoint::spatial).orElse(-1);
                if (before >= 0 && now > before) {
                    Long last = spatialUpNanos.put(track.track(), nowNanos);
                    assertThat(last == null || nowNanos - last >= Upgrades.STARTING_WAIT_NANOS)
                            .isTrue();
                }
                spatial.put(track.track(), now);
            }
        }
    }
}
