package org.rotunda.room.signal;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Fuzzes the reader of messages on media-signaling channels. */
class ClientSignalFuzzTest {

    static Stream<byte[]> seeds() {
        return ClientSignalReaderTest.RECORDED.stream().map(text -> text.getBytes(StandardCharsets.UTF_8));
    }

    @MethodSource("seeds")
    @FuzzTest
    void readsOrRefuses(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        for (SignalChannel channel : SignalChannel.values()) {
            ClientSignalReaderTest.assertReadsOrRefuses(channel, text);
        }
    }
}
