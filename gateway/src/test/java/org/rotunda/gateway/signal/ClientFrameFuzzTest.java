package org.rotunda.gateway.signal;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.rotunda.room.protocol.ClientLimits;
import org.rotunda.room.protocol.ClientParticipant;
import org.rotunda.room.protocol.ClientTrack;
import org.rotunda.room.protocol.StorableText;

/** Fuzzes the reader of signaling frames: a frame that is accepted can be written by a client and read as the same. */
class ClientFrameFuzzTest {

    static Stream<byte[]> seeds() {
        return Samples.clientFrames().stream().distinct().map(text -> text.getBytes(StandardCharsets.UTF_8));
    }

    @MethodSource("seeds")
    @FuzzTest
    void readsOrRefuses(byte[] bytes) {
        ClientFrameReader.Read read = ClientFrameReader.read(new String(bytes, StandardCharsets.UTF_8));
        assertThat(read.frame() == null).isNotEqualTo(read.malformed() == null);
        if (read.frame() != null) {
            ClientFrameReader.Read again = ClientFrameReader.read(ClientFrameText.of(read.frame()));
            assertThat(again.malformed()).isNull();
            assertThat(again.frame()).isEqualTo(read.frame());
            checkLimits(read.frame());
        }
    }

    private static void checkLimits(ClientFrame frame) {
        if (frame instanceof ClientFrame.Hello hello && hello.body() != null) {
            checkLimits(Objects.requireNonNull(hello.body()));
        } else if (frame instanceof ClientFrame.Message message) {
            checkLimits(message.body());
        }
    }

    private static void checkLimits(ClientMessage message) {
        if (message instanceof ClientMessage.Connect connect) {
            checkLimits(connect.participant());
            assertThat(connect.channels().size()).isLessThanOrEqualTo(ClientLimits.CHANNELS_MAX);
            assertThat(connect.channels()).allMatch(StorableText::isStorable);
        } else if (message instanceof ClientMessage.Sync sync) {
            checkLimits(sync.participant());
        } else if (message instanceof ClientMessage.Update update && update.participant() != null) {
            checkLimits(Objects.requireNonNull(update.participant()));
        }
    }

    private static void checkLimits(ClientParticipant participant) {
        assertThat(participant.revision()).isNotNegative();
        assertThat(participant.tracks()).hasSizeLessThanOrEqualTo(ClientLimits.TRACKS_MAX);
        for (ClientTrack track : participant.tracks()) {
            assertThat(StorableText.isStorable(track.id())).isTrue();
            assertThat(track.id().length()).isLessThanOrEqualTo(ClientLimits.ID_CHARS_MAX);
            assertThat(track.name().length()).isLessThanOrEqualTo(ClientLimits.TRACK_NAME_CHARS_MAX + 2);
        }
    }
}
