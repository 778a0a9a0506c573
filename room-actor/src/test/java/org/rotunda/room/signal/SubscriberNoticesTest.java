package org.rotunda.room.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rotunda.room.signal.ClientSignalReaderTest.CAM;

import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.TrackSid;
import org.rotunda.room.signal.ServerSignal.TrackSwitchOff;

/** Tests what a subscriber is told about switched-off tracks and about the speaker. */
class SubscriberNoticesTest {
    private static final TrackSid OTHER = TrackSid.random(new Random(1));
    private static final ParticipantSid BOB = ParticipantSid.random(new Random(2));
    private final SwitchOffNotices notices = new SwitchOffNotices();
    private final SpeakerNotices speakers = new SpeakerNotices();

    @Test
    void everyChangeIsToldOnce() {
        notices.onOpened(Set.of());
        assertThat(notices.take()).isEmpty();
        notices.set(CAM, true);
        assertThat(notices.take()).contains(new TrackSwitchOff(List.of(CAM), List.of()));
        assertThat(notices.take()).isEmpty();
        notices.set(CAM, false);
        notices.set(OTHER, true);
        assertThat(notices.take()).contains(new TrackSwitchOff(List.of(OTHER), List.of(CAM)));
        notices.set(OTHER, false);
        notices.set(OTHER, true);
        assertThat(notices.take()).as("off and on and off between two messages").isEmpty();
    }

    @Test
    void aChannelThatOpensAgainGetsEverythingAgain() {
        notices.set(CAM, true);
        assertThat(notices.take()).as("no channel").isEmpty();
        notices.onOpened(Set.of());
        assertThat(notices.take()).contains(new TrackSwitchOff(List.of(CAM), List.of()));
        notices.onClosed();
        notices.set(OTHER, true);
        notices.set(CAM, false);
        assertThat(notices.take()).isEmpty();
        notices.onOpened(Set.of(CAM, OTHER));

        assertThat(notices.take()).contains(new TrackSwitchOff(List.of(OTHER), List.of(CAM)));
        notices.retain(Set.of());
        assertThat(notices.take()).as("the client forgets its tracks by itself").isEmpty();
    }

    /** A model of the client: whatever happens, it takes the same tracks as off. */
    @Property(tries = 500)
    void theClientAlwaysAgrees(@ForAll long seed) {
        Random random = new Random(seed);
        List<TrackSid> tracks =
                Stream.generate(() -> TrackSid.random(random)).limit(4).toList();
        Set<TrackSid> client = new HashSet<>();
        SwitchOffNotices tried = new SwitchOffNotices();
        tried.onOpened(Set.of());
        for (int i = 0; i < 60; i++) {
            TrackSid track = tracks.get(random.nextInt(tracks.size()));
            if (random.nextInt(6) > 0) {
                tried.set(track, random.nextBoolean());
            } else {
                tried.onClosed();
                tried.onOpened(Set.copyOf(tracks));
            }
            tried.take().ifPresent(message -> {
                TrackSwitchOff told = (TrackSwitchOff) message;
                client.addAll(told.off());
                told.on().forEach(client::remove);
            });
            assertThat(tracks.stream().filter(tried::isOff)).containsExactlyInAnyOrderElementsOf(client);
        }
    }

    @Test
    void theSpeakerIsToldOnChange() {
        assertThat(speakers.update(BOB)).as("no channel").isEmpty();
        speakers.onOpened();
        assertThat(speakers.update(BOB)).contains(new ServerSignal.ActiveSpeaker(BOB));
        assertThat(speakers.update(BOB)).isEmpty();
        assertThat(speakers.update(null)).contains(new ServerSignal.ActiveSpeaker(null));
        assertThat(speakers.update(null)).isEmpty();
    }

    @Test
    void theSpeakerIsToldAgainOnAChannelThatOpensAgain() {
        speakers.onOpened();
        assertThat(speakers.update(null)).as("nobody is the beginning").isEmpty();
        speakers.update(BOB);
        speakers.onClosed();
        assertThat(speakers.update(null)).isEmpty();
        speakers.onOpened();

        assertThat(speakers.update(BOB)).contains(new ServerSignal.ActiveSpeaker(BOB));
        assertThat(speakers.update(BOB)).isEmpty();
    }
}
