package org.rotunda.room.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.rotunda.room.signal.ClientSignalReaderTest.CAM;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.rotunda.room.protocol.ParticipantSid;
import org.rotunda.room.protocol.TrackSid;
import org.rotunda.room.signal.ServerSignal.DirectionStats;
import org.rotunda.room.signal.ServerSignal.MediaQuality;
import org.rotunda.room.signal.ServerSignal.NetworkQuality;
import org.rotunda.room.signal.ServerSignal.PublisherHint;
import org.rotunda.room.signal.ServerSignal.Quality;
import org.rotunda.room.signal.ServerSignal.RemoteQuality;

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
        assertWritten(new NetworkQuality(new Quality(4, null, null), null), "{'type':'network_quality','local':4}");
        assertWritten(
                new NetworkQuality(
                        new Quality(3, new MediaQuality(5, 3, null, null), new MediaQuality(4, 5, null, null)),
                        List.of(new RemoteQuality(BOB, new Quality(2, null, null)))),
                "{'type':'network_quality','local':{'level':3,'audio':{'send':5,'recv':3},'video':{'send':4,'recv':5}},"
                        + "'remotes':[{'sid':'" + BOB + "','level':2}]}");
        DirectionStats stats = new DirectionStats(1000.0, 2000.5, 5, 0.25, 1, 0.03, 0.1, 4);
        assertWritten(
                new NetworkQuality(
                        new Quality(1, new MediaQuality(1, 5, stats, stats), new MediaQuality(5, 5, stats, stats)),
                        List.of()),
                "{'type':'network_quality','local':{'level':1,'audio':{'send':1,'recv':5,'sendStats':STATS,'recvStats'"
                        + ":STATS},'video':{'send':5,'recv':5,'sendStats':STATS,'recvStats':STATS}},'remotes':[]}");
        assertThatIllegalArgumentException().isThrownBy(() -> new Quality(1, new MediaQuality(1, 5, null, null), null));
        assertThatIllegalArgumentException().isThrownBy(() -> new MediaQuality(1, 5, stats, null));
    }

    private static void assertWritten(ServerSignal signal, String text) {
        assertThat(ServerSignalWriter.write(signal))
                .isEqualTo(text.replace(
                                "STATS",
                                "{'bandwidth':{'actual':1000.0,'available':2000.5,'level':5},'fractionLost':{'fractionLost'"
                                        + ":0.25,'level':1},'latency':{'jitter':0.03,'rtt':0.1,'level':4}}")
                        .replace('\'', '"'));
    }
}
