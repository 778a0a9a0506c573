package org.rotunda.gateway.signal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import java.util.Objects;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.rotunda.room.protocol.BandwidthProfile;
import org.rotunda.room.protocol.BandwidthProfile.Mode;
import org.rotunda.room.protocol.BandwidthProfile.SwitchOff;
import org.rotunda.room.protocol.PictureSize;
import org.rotunda.room.protocol.TrackPriority;

/** Tests the reading of bandwidth profiles, with profiles recorded from the real client and with others. */
class BandwidthProfileReaderTest {

    @Test
    void readsTheRecordedProfiles() {
        assertThat(recorded("connect_no_tracks"))
                .isEqualTo(new BandwidthProfile(
                        Mode.COLLABORATION,
                        2_500_000,
                        TrackPriority.STANDARD,
                        SwitchOff.PREDICTED,
                        0,
                        BandwidthProfile.LOW_SIZE,
                        BandwidthProfile.STANDARD_SIZE,
                        BandwidthProfile.HIGH_SIZE));
        assertThat(recorded("connect_no_name_legacy_bandwidth_profile"))
                .isEqualTo(new BandwidthProfile(
                        Mode.GRID,
                        0,
                        TrackPriority.HIGH,
                        SwitchOff.PREDICTED,
                        5,
                        new PictureSize(320, 240),
                        new PictureSize(640, 480),
                        new PictureSize(1280, 720)));
        assertThat(profile(Samples.get("rsp", "connect_empty_bandwidth_profile_fields")
                        .get("bandwidth_profile")
                        .toString())).isEqualTo(BandwidthProfile.DEFAULT);
        assertThat(recorded("connect_default_audio_video")).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "{}", "{'video':null}", "{'audio':{}}"})
    void aProfileWithoutAPartForVideoIsNone(String json) {
        assertThat(profile(json)).isNull();
    }

    @Test
    void readsEveryField() {
        assertThat(profile("{'video':{'mode':'presentation','max_subscription_bandwidth':400.4,"
                        + "'active_speaker_priority':'low','track_switch_off':'disabled','max_tracks':1,"
                        + "'render_dimensions':{'high':{'width':0,'height':-5},'low':{'width':1e9,'height':99.5}}}}"))
                .isEqualTo(new BandwidthProfile(
                        Mode.PRESENTATION,
                        400,
                        TrackPriority.LOW,
                        SwitchOff.DISABLED,
                        1,
                        new PictureSize(PictureSize.SIDE_MAX, 100),
                        BandwidthProfile.STANDARD_SIZE,
                        new PictureSize(0, 0)));
        assertThat(video("'track_switch_off':'detected','mode':'grid'").switchOff())
                .isEqualTo(SwitchOff.DETECTED);
    }

    @ParameterizedTest
    @CsvSource({"0,0", "-1,0", "0.2,1", "1e300,1000000000000", "null,0"})
    void aLimitOfZeroOrLessIsNone(String written, long read) {
        assertThat(video("'max_subscription_bandwidth':" + written).bitrateMax())
                .isEqualTo(read);
        assertThat(video("'max_tracks':" + written).tracksMax()).isEqualTo((int) Math.min(read, Integer.MAX_VALUE));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'grid'",
                "{'video':[]}",
                "{'video':{'mode':'mosaic'}}",
                "{'video':{'mode':1}}",
                "{'video':{'track_switch_off':'sometimes'}}",
                "{'video':{'active_speaker_priority':'highest'}}",
                "{'video':{'max_subscription_bandwidth':'400'}}",
                "{'video':{'max_tracks':true}}",
                "{'video':{'render_dimensions':'hd'}}",
                "{'video':{'render_dimensions':{'low':{'width':'1'}}}}"
            })
    void refusesValuesOfTheWrongKind(String json) {
        assertThat(ClientFrameReader.read(connectWith(json)).malformed()).isEqualTo(Malformed.FIELD_INVALID);
    }

    @Property(tries = 500)
    void whatIsReadIsInRangeAndCanBeWritten(
            @ForAll double bitrate, @ForAll double tracks, @ForAll double side, @ForAll Mode mode) {
        String json = "{'video':{'mode':'%s','max_subscription_bandwidth':%s,'max_tracks':%s,"
                        .formatted(word(mode), bitrate, tracks)
                + "'render_dimensions':{'standard':{'width':%s,'height':%s}}}}".formatted(side, -side);

        BandwidthProfile read = Objects.requireNonNull(profile(json));

        assertThat(read.bitrateMax()).isBetween(0L, BandwidthProfile.BITRATE_LIMIT_MAX);
        assertThat(read.bitrateMax() > 0).isEqualTo(bitrate > 0);
        assertThat(read.tracksMax() > 0).isEqualTo(tracks > 0);
        ObjectNode written = Samples.get("rsp", "connect_no_tracks").deepCopy();
        written.set("bandwidth_profile", ClientFrameText.of(read));
        assertThat(profileOf(Samples.msg(written))).isEqualTo(read);
    }

    private static String word(Enum<?> constant) {
        return ClientFrameText.word(constant);
    }

    private static @Nullable BandwidthProfile recorded(String sample) {
        return profileOf(Samples.msg(Samples.get("rsp", sample)));
    }

    private static BandwidthProfile video(String members) {
        return Objects.requireNonNull(profile("{'video':{" + members + "}}"));
    }

    private static @Nullable BandwidthProfile profile(String json) {
        return profileOf(connectWith(json));
    }

    private static @Nullable BandwidthProfile profileOf(String text) {
        ClientFrameReader.Read read = ClientFrameReader.read(text);
        assertThat(read.malformed()).isNull();
        ClientMessage body = ((ClientFrame.Message) Objects.requireNonNull(read.frame())).body();
        return ((ClientMessage.Connect) body).bandwidthProfile();
    }

    private static String connectWith(String profile) {
        ObjectNode connect = Samples.get("rsp", "connect_no_tracks").deepCopy();
        connect.putRawValue("bandwidth_profile", new RawValue(profile.replace('\'', '"')));
        return Samples.msg(connect);
    }
}
