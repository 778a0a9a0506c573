package org.rotunda.room.entity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rotunda.room.testkit.RoomSamples.ACCOUNT;
import static org.rotunda.room.testkit.RoomSamples.client;
import static org.rotunda.room.testkit.RoomSamples.offer;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.rotunda.room.protocol.BandwidthProfile;
import org.rotunda.room.protocol.RoomCommand;
import org.rotunda.room.protocol.SessionNotice;
import org.rotunda.room.protocol.TrackPriority;
import org.rotunda.room.signal.SignalChannel;
import org.rotunda.room.testkit.RoomSamples;

/** Tests what a room keeps of a connect with a bandwidth profile and media-signaling channels. */
class BandwidthProfileTest {
    private static final BandwidthProfile PROFILE = new BandwidthProfile(
            BandwidthProfile.Mode.PRESENTATION,
            2_500_000,
            TrackPriority.HIGH,
            BandwidthProfile.SwitchOff.DETECTED,
            5,
            BandwidthProfile.LOW_SIZE,
            BandwidthProfile.STANDARD_SIZE,
            BandwidthProfile.HIGH_SIZE);

    @AutoClose
    private final RoomEntityFixture room = new RoomEntityFixture();

    @Test
    void theProfileAndTheChannelsSurviveARestart() {
        room.tryCreate(RoomSamples.properties()).getValue();
        SessionNotice.Connected alice = connect("alice", PROFILE);

        room.entity.restart();

        assertThat(room.firstParticipant().bandwidthProfile()).isEqualTo(PROFILE);
        assertThat(alice.channels()).containsOnlyKeys(SignalChannel.NAMES);
        assertThat(room.firstParticipant().channels()).isEqualTo(alice.channels());
    }

    @Test
    void aParticipantMayHaveNoProfile() {
        room.tryCreate(RoomSamples.properties()).getValue();
        connect("alice", null);

        assertThat(room.firstParticipant().bandwidthProfile()).isNull();
    }

    @Test
    void aRoomWithoutAMediaServerKeepsNoProfile() {
        room.tryCreate(RoomSamples.peerToPeer()).getValue();

        assertThat(connect("alice", PROFILE).channels()).isEmpty();
        assertThat(room.firstParticipant().bandwidthProfile()).isNull();
    }

    private SessionNotice.Connected connect(String identity, @Nullable BandwidthProfile profile) {
        return room.<SessionNotice.Connected>ask(replyTo -> new RoomCommand.Connect(
                        ACCOUNT,
                        identity,
                        client(1),
                        true,
                        List.of(),
                        Set.of(
                                "active_speaker",
                                "network_quality",
                                "publisher_hints",
                                "render_hints",
                                "track_priority",
                                "track_switch_off",
                                "extension_transcriptions"),
                        profile,
                        offer("pc-" + identity),
                        room.newSocket().getRef(),
                        replyTo))
                .getValue();
    }
}
