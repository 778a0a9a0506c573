package org.rotunda.room.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rotunda.room.signal.SignalChannel.NETWORK_QUALITY;
import static org.rotunda.room.signal.SignalChannel.PUBLISHER_HINTS;
import static org.rotunda.room.signal.SignalChannel.RENDER_HINTS;
import static org.rotunda.room.signal.SignalChannel.TRACK_PRIORITY;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.rotunda.room.protocol.PictureSize;
import org.rotunda.room.protocol.TrackPriority;
import org.rotunda.room.protocol.TrackSid;

/** Tests the reader with messages in the form in which the real client sends them, and with malformed messages. */
class ClientSignalReaderTest {
    static final TrackSid CAM = new TrackSid("MTe5288362037a2d4d960d6bfaf0a46219");

    /** One message of each kind as the SDK writes it. */
    static final List<String> RECORDED = List.of(
            "{\"type\":\"ready\"}",
            "{\"type\":\"publisher_hints\",\"id\":7,\"hints\":[{\"track\":\"" + CAM + "\",\"result\":\"OK\"}]}",
            "{\"type\":\"client_reset\",\"track\":\"" + CAM + "\",\"id\":1}",
            "{\"type\":\"network_quality\",\"ice\":{\"availableSend\":5727384,\"recv\":6854.260103480309,\"rtt\":0.008,"
                    + "\"send\":1147080.5879059695},\"send\":{\"bitrate\":0},\"recv\":{\"bitrate\":0},\"audio\":{\"send\":"
                    + "{\"bitrate\":0},\"recv\":{\"bitrate\":0}},\"video\":{\"send\":{\"bitrate\":0},\"recv\":"
                    + "{\"bitrate\":0}},\"reportLevel\":3,\"remoteReportLevel\":2}",
            "{\"type\":\"track_priority\",\"track\":\"" + CAM + "\",\"subscribe\":\"high\"}",
            "{\"type\":\"track_priority\",\"track\":\"" + CAM + "\",\"subscribe\":null}",
            "{\"type\":\"render_hints\",\"subscriber\":{\"id\":1,\"hints\":[{\"track\":\"" + CAM
                    + "\",\"enabled\":false}]}}",
            "{\"type\":\"render_hints\",\"subscriber\":{\"id\":2,\"hints\":[{\"track\":\"" + CAM
                    + "\",\"enabled\":true,\"render_dimensions\":{\"height\":360,\"width\":640}}]}}");

    @ParameterizedTest
    @EnumSource
    void everyChannelKnowsThatTheClientIsReady(SignalChannel channel) {
        assertThat(read(channel, RECORDED.get(0))).isEqualTo(new ClientSignal.Ready());
    }

    @Test
    void readsWhatTheSdkSends() {
        assertThat(read(PUBLISHER_HINTS, RECORDED.get(1)))
                .isEqualTo(new ClientSignal.PublisherHintsTaken(7, List.of(new TrackResult(CAM, HintResult.OK))));
        assertThat(read(PUBLISHER_HINTS, RECORDED.get(2))).isEqualTo(new ClientSignal.EncodingsReset(CAM));
        assertThat(read(NETWORK_QUALITY, RECORDED.get(3)))
                .isEqualTo(new ClientSignal.QualityAsked(3, 2, 5_727_384, 0.008));
        assertThat(read(TRACK_PRIORITY, RECORDED.get(4)))
                .isEqualTo(new ClientSignal.PriorityChosen(CAM, TrackPriority.HIGH));
        assertThat(read(TRACK_PRIORITY, RECORDED.get(5))).isEqualTo(new ClientSignal.PriorityChosen(CAM, null));
        assertThat(read(RENDER_HINTS, RECORDED.get(6)))
                .isEqualTo(new ClientSignal.RenderHints(1, List.of(new ClientSignal.RenderHint(CAM, false, null))));
        assertThat(read(RENDER_HINTS, RECORDED.get(7)))
                .isEqualTo(new ClientSignal.RenderHints(
                        2, List.of(new ClientSignal.RenderHint(CAM, true, new PictureSize(640, 360)))));
    }

    @Test
    void aQuestionAboutTheNetworkIsReadWhateverItsNumbersAre() {
        assertThat(read(NETWORK_QUALITY, "{\"type\":\"network_quality\"}"))
                .isEqualTo(new ClientSignal.QualityAsked(1, 0, -1, -1));
        assertThat(read(
                        NETWORK_QUALITY,
                        "{\"type\":\"network_quality\",\"reportLevel\":9,\"remoteReportLevel\":-4,"
                                + "\"ice\":{\"availableSend\":\"fast\",\"rtt\":-3}}"))
                .isEqualTo(new ClientSignal.QualityAsked(3, 0, -1, -1));
    }

    @Test
    void anUnknownResultIsReadAsSuch() {
        assertThat(read(PUBLISHER_HINTS, RECORDED.get(1).replace("OK", "PERHAPS")))
                .isEqualTo(new ClientSignal.PublisherHintsTaken(7, List.of(new TrackResult(CAM, HintResult.OTHER))));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "TRACK_PRIORITY   | []                                                            | NOT_JSON",
                "TRACK_PRIORITY   | {'type':'ready'} {}                                           | NOT_JSON",
                "TRACK_PRIORITY   | {}                                                            | TYPE_UNKNOWN",
                "TRACK_PRIORITY   | {'type':'render_hints'}                                       | TYPE_UNKNOWN",
                "ACTIVE_SPEAKER   | {'type':'active_speaker'}                                     | TYPE_UNKNOWN",
                "TRACK_SWITCH_OFF | {'type':'track_switch_off'}                                   | TYPE_UNKNOWN",
                "TRACK_PRIORITY   | {'type':'track_priority'}                                     | FIELD_INVALID",
                "TRACK_PRIORITY   | {'type':'track_priority','track':'MT1'}                       | FIELD_INVALID",
                "TRACK_PRIORITY   | {'type':'track_priority','track':'CAM','subscribe':'top'}     | FIELD_INVALID",
                "RENDER_HINTS     | {'type':'render_hints'}                                       | FIELD_INVALID",
                "RENDER_HINTS     | {'type':'render_hints','subscriber':{'id':1}}                 | FIELD_INVALID",
                "RENDER_HINTS     | {'type':'render_hints','subscriber':{'hints':[]}}             | FIELD_INVALID",
                "RENDER_HINTS     | {'type':'render_hints','subscriber':{'id':-1,'hints':[]}}     | FIELD_INVALID",
                "RENDER_HINTS     | {'type':'render_hints','subscriber':{'id':1,'hints':[{'track':'CAM','enabled':1}]}}"
                        + " | FIELD_INVALID",
                "RENDER_HINTS     | {'type':'render_hints','subscriber':{'id':1,'hints':[{'track':'CAM',"
                        + "'render_dimensions':{'width':1}}]}} | FIELD_INVALID",
                "PUBLISHER_HINTS  | {'type':'client_reset'}                                       | FIELD_INVALID",
                "PUBLISHER_HINTS  | {'type':'publisher_hints','hints':[]}                         | FIELD_INVALID"
            })
    void dropsMalformedMessages(SignalChannel channel, String text, SignalFault fault) {
        assertThat(ClientSignalReader.read(channel, text.replace('\'', '"').replace("CAM", CAM.value()))
                        .fault())
                .isEqualTo(fault);
    }

    @Test
    void keepsItsLimits() {
        String hint = "{\"track\":\"" + CAM + "\"}";
        String most = "{\"type\":\"render_hints\",\"subscriber\":{\"id\":1,\"hints\":["
                + String.join(",", Collections.nCopies(SignalLimits.HINTS_MAX, hint)) + "]}}";
        assertThat(read(RENDER_HINTS, most)).isInstanceOf(ClientSignal.RenderHints.class);
        assertThat(fault(RENDER_HINTS, most.replace("]}}", "," + hint + "]}}"))).isEqualTo(SignalFault.LIST_TOO_LONG);

        String padded = RECORDED.get(0)
                + " ".repeat(SignalLimits.TEXT_CHARS_MAX - RECORDED.get(0).length());
        assertThat(read(RENDER_HINTS, padded)).isEqualTo(new ClientSignal.Ready());
        assertThat(fault(RENDER_HINTS, padded + " ")).isEqualTo(SignalFault.TOO_LARGE);

        String deepest = "[".repeat(SignalLimits.NESTING_MAX - 1) + "]".repeat(SignalLimits.NESTING_MAX - 1);
        assertThat(read(RENDER_HINTS, "{\"type\":\"ready\",\"x\":" + deepest + "}"))
                .isEqualTo(new ClientSignal.Ready());
        assertThat(fault(RENDER_HINTS, "{\"type\":\"ready\",\"x\":[" + deepest + "]}"))
                .isEqualTo(SignalFault.NOT_JSON);
    }

    @Property(tries = 1_000)
    void answersAnyText(@ForAll @StringLength(max = 200) String text, @ForAll SignalChannel channel) {
        assertReadsOrRefuses(channel, text);
    }

    @Property(tries = 3_000)
    void answersChangedMessages(
            @ForAll @IntRange(max = 7) int which, @ForAll long seed, @ForAll SignalChannel channel) {
        StringBuilder text = new StringBuilder(RECORDED.get(which));
        Random random = new Random(seed);
        for (int i = random.nextInt(4); i >= 0 && text.length() > 1; i--) {
            int at = random.nextInt(text.length());
            switch (random.nextInt(3)) {
                case 0 -> text.setCharAt(at, "{}[]\",:0x\\-e".charAt(random.nextInt(12)));
                case 1 -> text.deleteCharAt(at);
                default -> text.insert(at, random.nextInt(10));
            }
        }
        assertReadsOrRefuses(channel, text.toString());
    }

    @Test
    void channelsAreNamedAsInSignaling() {
        assertThat(SignalChannel.NAMES)
                .containsExactlyInAnyOrder(
                        "active_speaker",
                        "network_quality",
                        "publisher_hints",
                        "render_hints",
                        "track_priority",
                        "track_switch_off");
        assertThat(Arrays.stream(SignalChannel.values())
                        .map(channel -> SignalChannel.of(channel.wireName()))
                        .collect(Collectors.toList()))
                .containsExactly(SignalChannel.values());
        assertThat(SignalChannel.of("extension_transcriptions")).isNull();
    }

    /** A message that is accepted can be written by a client and read as the same; otherwise there is a reason. */
    static void assertReadsOrRefuses(SignalChannel channel, String text) {
        ClientSignalReader.Read read = ClientSignalReader.read(channel, text);
        ClientSignal signal = read.signal();
        assertThat(signal == null).isNotEqualTo(read.fault() == null);
        if (signal != null) {
            SignalChannel own = signal instanceof ClientSignal.Ready ? channel : ClientSignalText.channelOf(signal);
            assertThat(own).isEqualTo(channel);
            assertThat(ClientSignalReader.read(own, ClientSignalText.of(signal)).signal())
                    .isEqualTo(signal);
        }
    }

    private static ClientSignal read(SignalChannel channel, String text) {
        ClientSignalReader.Read read = ClientSignalReader.read(channel, text);
        assertThat(read.fault()).isNull();
        return Objects.requireNonNull(read.signal());
    }

    private static @Nullable SignalFault fault(SignalChannel channel, String text) {
        return ClientSignalReader.read(channel, text).fault();
    }
}
