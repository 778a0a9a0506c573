package org.rotunda.room.allocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rotunda.room.allocation.AllocationSamples.camera;
import static org.rotunda.room.allocation.AllocationSamples.cameras;
import static org.rotunda.room.allocation.AllocationSamples.enabled;
import static org.rotunda.room.allocation.AllocationSamples.kbps;
import static org.rotunda.room.allocation.AllocationSamples.letter;
import static org.rotunda.room.allocation.AllocationSamples.profile;
import static org.rotunda.room.allocation.AllocationSamples.screen;
import static org.rotunda.room.allocation.AllocationSamples.sending;
import static org.rotunda.room.allocation.AllocationSamples.sized;
import static org.rotunda.room.protocol.TrackPriority.HIGH;
import static org.rotunda.room.protocol.TrackPriority.LOW;
import static org.rotunda.room.protocol.TrackPriority.STANDARD;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.rotunda.room.allocation.BandwidthProfile.Mode;
import org.rotunda.room.allocation.BandwidthProfile.SwitchOffMode;

/** Tests the allocation at fixed bandwidths: a table of situations with the exact layer of every track. */
class AllocatorTest {
    private static final BandwidthProfile GRID = profile(Mode.GRID);
    private static final BandwidthProfile COLLABORATION = profile(Mode.COLLABORATION);
    private static final BandwidthProfile PRESENTATION = profile(Mode.PRESENTATION);

    private static final List<TrackInput> FOUR = cameras("ABCD");
    private static final List<TrackInput> ONE_HIGH_THREE_LOW =
            List.of(camera('A', HIGH), camera('B', LOW), camera('C', LOW), camera('D', LOW));
    private static final List<TrackInput> SCREEN_AND_THREE =
            List.of(screen('S', HIGH), camera('A', STANDARD), camera('B', STANDARD), camera('C', STANDARD));
    private static final List<TrackInput> SCREEN_HINTED = List.of(
            sized(screen('S', STANDARD), 1280, 720),
            sized(camera('a', STANDARD), 160, 90),
            sized(camera('b', STANDARD), 160, 90),
            sized(camera('c', STANDARD), 160, 90),
            sized(camera('d', STANDARD), 160, 90));
    private static final List<TrackInput> HINTED = List.of(
            sized(camera('A', STANDARD), 960, 540),
            sized(camera('B', STANDARD), 240, 135),
            sized(camera('C', STANDARD), 240, 135),
            enabled(camera('D', STANDARD), false));
    private static final List<TrackInput> ONE_OF_EACH =
            List.of(camera('A', HIGH), camera('B', STANDARD), camera('C', LOW));
    private static final List<TrackInput> UNICAST = List.of(
            sending(camera('A', STANDARD), Ladder.single(640, 360, 650_000)),
            camera('B', STANDARD),
            camera('C', STANDARD));

    /** The rows, named as in {@code docs/allocation.md}. */
    static Stream<Row> rows() {
        return Stream.of(
                row("A1", GRID, FOUR, 2200, 2000, "ABCD=S1T2 500"),
                row("A2", GRID, FOUR, 1300, 1200, "ABCD=S1T1 300"),
                row("A3", GRID, FOUR, 700, 600, "ABCD=S0T2 150"),
                row("A4", GRID, FOUR, 500, 480, "AB=S0T2 150; CD=S0T1 90"),
                row("A5", GRID, FOUR, 260, 240, "ABCD=S0T0 60"),
                row("A6", GRID, FOUR, 200, 180, "ABC=S0T0 60; D=CONGESTION_OFF"),
                row("A7", GRID, FOUR, 130, 120, "AB=S0T0 60; CD=CONGESTION_OFF"),
                row("A8", GRID, FOUR, 50, 60, "A=S0T0 60; BCD=CONGESTION_OFF"),
                row("A9", COLLABORATION, ONE_HIGH_THREE_LOW, 3000, 2950, "A=S2T2 2500; BCD=S0T2 150"),
                row("A10", COLLABORATION, ONE_HIGH_THREE_LOW, 2000, 1950, "A=S2T1 1500; BCD=S0T2 150"),
                row("A11", COLLABORATION, ONE_HIGH_THREE_LOW, 600, 570, "A=S1T1 300; BCD=S0T1 90"),
                row("A12", PRESENTATION, ONE_HIGH_THREE_LOW, 600, 590, "A=S1T2 500; B=S0T1 90; CD=CONGESTION_OFF"),
                row("A13", PRESENTATION, ONE_HIGH_THREE_LOW, 200, 150, "A=S0T2 150; BCD=CONGESTION_OFF"),
                row(
                                "A14",
                                PRESENTATION,
                                List.of(camera('A', HIGH), camera('B', STANDARD), camera('C', STANDARD)),
                                4000,
                                500,
                                "A=S1T2 500; BC=CONGESTION_OFF")
                        .cappedAt(500_000),
                row(
                                "A15",
                                GRID,
                                List.of(
                                        AllocationSamples.loud(camera('A', STANDARD), 1),
                                        AllocationSamples.loud(camera('B', STANDARD), 0)),
                                2000,
                                60,
                                "A=CONGESTION_OFF; B=S0T0 60")
                        .cappedAt(400),
                row("A16", PRESENTATION, SCREEN_AND_THREE, 2500, 2350, "A=S1T2 500; BC=S1T1 300; S=S1T1 1250"),
                row("A17", PRESENTATION, SCREEN_AND_THREE, 1600, 1580, "A=S0T2 150; BC=S0T1 90; S=S1T1 1250"),
                row("A18", PRESENTATION, SCREEN_AND_THREE, 1300, 1250, "ABC=CONGESTION_OFF; S=S1T1 1250"),
                row("A19", PRESENTATION, SCREEN_AND_THREE, 230, 200, "ABC=CONGESTION_OFF; S=S0T0 200"),
                row("A20", COLLABORATION, SCREEN_AND_THREE, 1600, 1500, "AB=S1T2 500; C=S1T1 300; S=S0T0 200"),
                row(
                        "A21",
                        PRESENTATION,
                        SCREEN_HINTED,
                        1400,
                        1400,
                        "S=S1T1 1250; a=S0T1 90; b=S0T0 60; cd=CONGESTION_OFF"),
                row("A22", COLLABORATION, HINTED, 1800, 1800, "A=S2T1 1500; BC=S0T2 150; D=CLIENT_OFF"),
                row("A23", COLLABORATION, HINTED, 700, 680, "A=S1T2 500; BC=S0T1 90; D=CLIENT_OFF"),
                row(
                        "A24",
                        profile(Mode.GRID, SwitchOffMode.PREDICTED, 5),
                        screenAndEight(),
                        4000,
                        3250,
                        "ABCD=S1T2 500; EFGH=MAX_TRACKS; S=S1T1 1250"),
                row("A25", COLLABORATION, dominantB(), 1200, 1100, "AC=S1T1 300; B=S1T2 500"),
                row("A26", GRID, FOUR, 150, 150, "A=S0T1 90; B=S0T0 60; CD=CONGESTION_OFF"),
                row("A27 detected", profile(Mode.GRID, SwitchOffMode.DETECTED, 0), FOUR, 150, 240, "ABCD=S0T0 60"),
                row("A27 disabled", profile(Mode.GRID, SwitchOffMode.DISABLED, 0), FOUR, 150, 240, "ABCD=S0T0 60"),
                row(
                                "A28",
                                profile(Mode.GRID, SwitchOffMode.DETECTED, 0),
                                FOUR,
                                150,
                                150,
                                "A=S0T1 90; B=S0T0 60; CD=CONGESTION_OFF")
                        .congested(),
                row("A29", GRID, UNICAST, 600, 600, "A=CONGESTION_OFF; BC=S1T1 300"),
                row("A30", GRID, UNICAST, 900, 890, "A=S0T0 650; B=S0T2 150; C=S0T1 90"),
                row("A31", GRID, sixteen(), 2400, 2400, "ABCDEFGHIJKLMNOP=S0T2 150"),
                row("A32", GRID, sixteen(), 900, 900, "ABCDEFGHIJKLMNO=S0T0 60; P=CONGESTION_OFF"),
                row("A33 collaboration", COLLABORATION, ONE_OF_EACH, 700, 690, "AB=S1T1 300; C=S0T1 90"),
                row(
                        "A33 presentation",
                        PRESENTATION,
                        ONE_OF_EACH,
                        700,
                        650,
                        "A=S1T2 500; B=S0T2 150; C=CONGESTION_OFF"),
                row("A33 grid", GRID, ONE_OF_EACH, 700, 600, "A=S1T1 300; BC=S0T2 150"));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void allocatesAsInTheTable(Row row) {
        SubscriberInput input = new SubscriberInput(row.kbps() * 1000, 0, row.capBps(), false, 0, 0);

        Allocation allocation = Allocator.allocate(row.profile(), row.tracks(), input, row.isCongested());

        assertThat(text(allocation)).isEqualTo(row.expected());
        assertThat(allocation.sumBps()).isEqualTo(row.sumKbps() * 1000);
    }

    /** Without a profile every camera may have its full size, and none is switched off. */
    @Test
    void aClientWithoutAProfileGetsEqualSharesOfFullSize() {
        assertThat(text(Allocator.allocate(BandwidthProfile.NONE, cameras("AB"), kbps(8000), false)))
                .isEqualTo("A=S2T2 2500; B=S2T1 1500"); // The limit of the room is 4 Mbit/s.
        assertThat(text(Allocator.allocate(BandwidthProfile.NONE, cameras("AB"), kbps(10), false)))
                .isEqualTo("AB=S0T0 60");
    }

    @Test
    void aTrackOfWhichNothingComesCostsNothing() {
        List<TrackInput> tracks = List.of(sending(camera('A', HIGH), Ladder.EMPTY), camera('B', STANDARD));

        Allocation allocation = Allocator.allocate(PRESENTATION, tracks, kbps(500), false);

        assertThat(text(allocation)).isEqualTo("A=SOURCE_SILENT; B=S1T2 500");
    }

    @Test
    void lowerClassesKeepTheirPictureIfNothingMayBeSwitchedOff() {
        BandwidthProfile profile = profile(Mode.PRESENTATION, SwitchOffMode.DISABLED, 0);

        assertThat(text(Allocator.allocate(profile, ONE_HIGH_THREE_LOW, kbps(600), false)))
                .isEqualTo("A=S1T1 300; BCD=S0T1 90");
    }

    @Test
    void reasonsSayWhatHoldsATrackBack() {
        Allocation allocation = Allocator.allocate(GRID, FOUR, kbps(50), false);

        assertThat(allocation.tracks().stream().map(share -> share.explanation().reason()))
                .containsExactly(Reason.GRACE, Reason.CONGESTION_OFF, Reason.CONGESTION_OFF, Reason.CONGESTION_OFF);
        assertThat(Allocator.allocate(GRID, FOUR, kbps(500), false)
                        .tracks()
                        .get(0)
                        .explanation()
                        .text())
                .isEqualTo(
                        "The next layer (300 kbit/s) does not fit: all video may have 500 kbit/s and has 480 kbit/s.");
    }

    private static List<TrackInput> screenAndEight() {
        List<TrackInput> tracks = new ArrayList<>(cameras("HGFEDCBA"));
        tracks.add(screen('S', HIGH));
        return tracks;
    }

    /** Returns three cameras of which B belongs to the dominant speaker, whom the profile gives a high priority. */
    private static List<TrackInput> dominantB() {
        BandwidthProfile profile =
                new BandwidthProfile(Mode.COLLABORATION, HIGH, 0, 0, SwitchOffMode.PREDICTED, null, null, null);
        return cameras("ABC").stream()
                .map(track -> AllocationSamples.prior(
                        track, EffectivePriority.of(STANDARD, null, letter(track.track()) == 'B', profile)))
                .toList();
    }

    private static List<TrackInput> sixteen() {
        return cameras("ABCDEFGHIJKLMNOP").stream()
                .map(track -> sized(track, 320, 180))
                .toList();
    }

    private static String text(Allocation allocation) {
        Map<String, String> byLayer = new TreeMap<>();
        allocation.tracks().stream()
                .collect(Collectors.groupingBy(
                        share -> share.layer() == null
                                ? share.explanation().reason().name()
                                : share.layer().toString(),
                        Collectors.mapping(share -> letter(share.track()) + "", Collectors.toList())))
                .forEach((layer, letters) ->
                        byLayer.put(letters.stream().sorted().collect(Collectors.joining()), layer));
        return byLayer.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .collect(Collectors.joining("; "));
    }

    private static Row row(
            String name, BandwidthProfile profile, List<TrackInput> tracks, long kbps, long sumKbps, String expected) {
        return new Row(name, profile, tracks, kbps, AllocationSamples.ROOM_CAP_BPS, false, sumKbps, expected);
    }

    /** One row of the table. */
    private record Row(
            String name,
            BandwidthProfile profile,
            List<TrackInput> tracks,
            long kbps,
            long capBps,
            boolean isCongested,
            long sumKbps,
            String expected) {
        Row cappedAt(long bps) {
            return new Row(name, profile, tracks, kbps, bps, isCongested, sumKbps, expected);
        }

        Row congested() {
            return new Row(name, profile, tracks, kbps, capBps, true, sumKbps, expected);
        }

        @Override
        public String toString() {
            return name;
        }
    }
}
