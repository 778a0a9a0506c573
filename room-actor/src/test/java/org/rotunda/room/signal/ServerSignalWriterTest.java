package org.rotunda.room.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.rotunda.room.signal.ClientSignalReaderTest.CAM;

import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.TrackSid;
import org.rotunda.room.quality.QualityAnswer;
import org.rotunda.room.quality.QualityAnswer.Measurements;
import org.rotunda.room.quality.QualityAnswer.Media;
import org.rotunda.room.quality.QualityAnswer.View;
import org.rotunda.room.signal.ServerSignal.PublisherHint;

/** Tests the texts of the messages to clients. */
class ServerSignalWriterTest {
    private static final ParticipantSid BOB = new ParticipantSid("PA" + "6".repeat(32));
    private static final TrackSid OTHER = TrackSid.random(new Random(1));

    @Test
    void writesTheActiveSpeaker() {
        assertWritten(new ServerSignal.ActiveSpeaker(BOB), "{'type':'active_speaker','participant':'" + BOB + "'}");
        assertWritten(new ServerSignal.ActiveSpeaker(null), "{'type':'active_speaker','participant':null}");
    }

    @Test
    void writesSwitchOffsWithoutEmptyLists() {
        assertWritten(
                new ServerSignal.TrackSwitchOff(List.of(CAM), List.of(OTHER)),
                "{'type':'track_switch_off','off':['" + CAM + "'],'on':['" + OTHER + "']}");
        assertWritten(
                new ServerSignal.TrackSwitchOff(List.of(), List.of(OTHER)),
                "{'type':'track_switch_off','on':['" + OTHER + "']}");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ServerSignal.TrackSwitchOff(List.of(CAM), List.of(OTHER, CAM)));
    }

    @Test
    void writesHints() {
        assertWritten(
                new ServerSignal.RenderHintsTaken(4, List.of(new TrackResult(CAM, HintResult.UNKNOWN_TRACK))),
                "{'type':'render_hints','subscriber':{'id':4,'hints':[{'track':'" + CAM
                        + "','result':'UNKNOWN_TRACK'}]}}");
        assertWritten(
                new ServerSignal.PublisherHints(1, List.of(new PublisherHint(CAM, 1, 2))),
                "{'type':'publisher_hints','publisher':{'id':1,'hints':[{'track':'" + CAM
                        + "','encodings':[{'layer_index':0,'enabled':true},{'layer_index':1,'enabled':false}]}]}}");
        assertThatIllegalArgumentException().isThrownBy(() -> new ServerSignal.PublisherHints(0, List.of()));
        assertThatIllegalArgumentException().isThrownBy(() -> new PublisherHint(CAM, 4, 3));
    }

    @Test
    void writesTheQualityAsDetailedAsItIs() {
        assertWritten(
                new ServerSignal.NetworkQuality(new QualityAnswer(new View(4, null, null), null)),
                "{'type':'network_quality','local':4}");
        assertWritten(
                new ServerSignal.NetworkQuality(new QualityAnswer(
                        new View(3, new Media(5, 3, null, null), new Media(4, 5, null, null)),
                        List.of(new QualityAnswer.Remote(BOB.value(), new View(2, null, null))))),
                "{'type':'network_quality','local':{'level':3,'audio':{'send':5,'recv':3},'video':{'send':4,'recv':5}},"
                        + "'remotes':[{'sid':'" + BOB + "','level':2}]}");
        Measurements sound = measurements(null);
        Measurements picture = measurements(new QualityAnswer.Bandwidth(1000, 2000L, 5));
        assertWritten(
                new ServerSignal.NetworkQuality(new QualityAnswer(
                        new View(1, new Media(1, 5, sound, sound), new Media(5, 5, picture, picture)), List.of())),
                "{'type':'network_quality','local':{'level':1,'audio':{'send':1,'recv':5,'sendStats':{STATS},'recvStats'"
                        + ":{STATS}},'video':{'send':5,'recv':5,'sendStats':{RATE,STATS},'recvStats':{RATE,STATS}}},"
                        + "'remotes':[]}");
    }

    private static Measurements measurements(QualityAnswer.@Nullable Bandwidth bandwidth) {
        return new Measurements(
                bandwidth, new QualityAnswer.FractionLost(0.25, 1), new QualityAnswer.Latency(0.03, 0.1, 4));
    }

    private static void assertWritten(ServerSignal signal, String text) {
        assertThat(ServerSignalWriter.write(signal))
                .isEqualTo(text.replace("RATE", "'bandwidth':{'actual':1000,'available':2000,'level':5}")
                        .replace(
                                "STATS",
                                "'fractionLost':{'fractionLost':0.25,'level':1},"
                                        + "'latency':{'jitter':0.03,'rtt':0.1,'level':4}")
                        .replace('\'', '"'));
    }
}
