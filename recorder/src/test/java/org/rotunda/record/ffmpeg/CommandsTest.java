package org.rotunda.record.ffmpeg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.rotunda.record.plan.CompositionPlan;
import org.rotunda.record.plan.Piece;
import org.rotunda.record.plan.Rooms;
import org.rotunda.record.plan.SourceCodec;
import org.rotunda.record.plan.SourceRecording;

class CommandsTest {
    private static final String LAYOUT = "{\"m\":{\"video_sources\":[\"*\"]}}";

    @Test
    void seeksInSourcesThatBeganBeforeThePiece() {
        CompositionPlan plan =
                plan(List.of(Rooms.video("a", 10, 40), Rooms.recording("b", SourceCodec.H264, 31_119, 40_000)));
        List<String> arguments = Commands.piece(plan, new Piece(500, 750), List.of("-f", "x"), "out");
        assertThat(String.join(" ", arguments))
                .isEqualTo("-nostdin -hide_banner -loglevel error -nostats -progress pipe:1 -y -filter_threads 1"
                        + " -filter_complex_threads 1 -copyts -threads 1 -reinit_filter 0 -max_pixels 16777216"
                        + " -noaccurate_seek -ss 18.000000 -protocol_whitelist file,pipe -f matroska -c:v vp8"
                        + " -i RT00000000000000000000000000000061.mkv -threads 1 -reinit_filter 0 -max_pixels 16777216"
                        + " -protocol_whitelist file,pipe -f matroska -c:v h264"
                        + " -i RT00000000000000000000000000000062.mkv -filter_complex"
                        + " color=black:s=640x480:r=25:d=10.040000,format=yuv420p[b0]"
                        + ";[0:v]setpts=PTS-(30.000000)/TB,scale=320:480:force_original_aspect_ratio=decrease"
                        + ":force_divisible_by=2:flags=bilinear:eval=frame"
                        + ",pad=320:480:trunc((ow-iw)/4)*2:trunc((oh-ih)/4)*2:eval=frame"
                        + ",setsar=1,format=yuv420p,fps=25:start_time=0.000000[v0]"
                        + ";[b0][v0]overlay=x=0:y=0:eof_action=repeat:format=yuv420"
                        + ":enable='gte(t,0.000000)*lt(t,9.999000)'[b1]"
                        + ";[1:v]setpts=PTS-(30.000000)/TB,scale=320:480:force_original_aspect_ratio=decrease"
                        + ":force_divisible_by=2:flags=bilinear:eval=frame"
                        + ",pad=320:480:trunc((ow-iw)/4)*2:trunc((oh-ih)/4)*2:eval=frame"
                        + ",setsar=1,format=yuv420p,fps=25:start_time=1.120000[v1]"
                        + ";[b1][v1]overlay=x=320:y=0:eof_action=repeat:format=yuv420"
                        + ":enable='gte(t,1.119000)*lt(t,9.999000)'[b2]"
                        + ";[b2]format=yuv420p[out] -map [out] -frames:v 250 -f x"
                        + " -map_metadata -1 -fflags +bitexact -flags +bitexact out");
    }

    @Test
    void mixesEachSoundWhereItBegins() {
        CompositionPlan plan =
                plan(List.of(Rooms.audio("m", 10, 20), Rooms.recording("p", SourceCodec.PCMU, 12_345, 20_000)));
        assertThat(String.join(" ", Commands.audio(plan, Encoding.audio(plan.format()), "out")))
                .contains(
                        "-f matroska -c:a libopus -i RT0000000000000000000000000000006d.mka",
                        "-f matroska -c:a pcm_mulaw -i RT00000000000000000000000000000070.mka",
                        "[1:a]aresample=48000:async=1:first_pts=0,aformat=channel_layouts=stereo,adelay=2345:all=1[a1];",
                        "[a0][a1]amix=inputs=2:normalize=0:dropout_transition=0,alimiter=limit=0.95:level=false,apad,"
                                + "atrim=end=10.000000[out] -map [out] -c:a aac -b:a 96k");
    }

    @Test
    void fitsTwoHundredSourcesIntoOneArgument() {
        List<SourceRecording> room = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            room.add(Rooms.video("s" + i, 0, 86_400));
        }
        CompositionPlan plan = plan(room);
        List<String> arguments = Commands.piece(plan, new Piece(2_000_000, 2_160_000), List.of(), "out");
        // Linux takes no argument of more than 128 KiB.
        assertThat(arguments).allMatch(each -> each.length() < 100_000);
    }

    @Test
    void aimsAtABitRateThatFollowsTheSize() {
        assertThat(Encoding.videoKbit(plan(List.of(Rooms.video("a", 0, 9))))).isEqualTo(537);
        CompositionPlan large =
                Rooms.plan(Rooms.spec(LAYOUT, List.of(), "1280x720", "mp4", true), List.of(Rooms.video("a", 0, 9)));
        assertThat(Encoding.videoKbit(large)).isEqualTo(1_612);
        CompositionPlan small =
                Rooms.plan(Rooms.spec(LAYOUT, List.of(), "16x16", "mp4", true), List.of(Rooms.video("a", 0, 9)));
        assertThat(Encoding.videoKbit(small)).isEqualTo(150);
        assertThatThrownBy(() -> new Encoding("quick")).isInstanceOf(IllegalArgumentException.class);
    }

    private static CompositionPlan plan(List<SourceRecording> room) {
        return Rooms.plan(Rooms.spec(LAYOUT, List.of("*"), "640x480", "mp4", true), room);
    }
}
