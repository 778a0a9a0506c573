package org.rotunda.media.sdp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NegotiationTableCodecTest {
    private static final NegotiationTable TABLE = table(List.of("h"));

    private static NegotiationTable table(List<String> rids) {
        return new NegotiationTable(
                7,
                2,
                3,
                true,
                "u",
                null,
                List.of("sha-256 AA"),
                1,
                "v=0",
                List.of(new NegotiationTable.Payload("VP8", 96, 97, List.of("nack"))),
                Map.of("video", Map.of("MID", 4)),
                List.of(new NegotiationTable.Line(
                        "0",
                        "video",
                        false,
                        true,
                        new NegotiationTable.Track("t", "s", 1, 2, "c"),
                        "recvonly",
                        null,
                        List.of(5L),
                        List.of(-1L),
                        List.of(),
                        Map.of("MID", 4),
                        0,
                        0,
                        rids,
                        List.of(),
                        List.of())));
    }

    @Test
    void readsTheFormOfTheFirstRelease() {
        String golden = Goldens.resource("negotiation-table-1.hex");
        assertThat(NegotiationTableCodec.decode(HexFormat.of().parseHex(golden)))
                .isEqualTo(table(List.of()));
    }

    @Test
    void keepsTheContentOfALineThatCannotBeRejected() {
        NegotiationTable.Line line = new NegotiationTable.Line(
                "0",
                "video",
                false,
                false,
                null,
                "inactive",
                null,
                List.of(),
                List.of(),
                List.of(),
                Map.of(),
                0,
                0,
                List.of(),
                List.of("96"),
                List.of("rtpmap:96 VP8/90000"));
        NegotiationTable table = new NegotiationTable(
                1, 2, 3, true, "u", "p", List.of(), 1, "v=0", List.of(), Map.of(), List.of(line, line));

        assertThat(NegotiationTableCodec.decode(NegotiationTableCodec.encode(table)))
                .isEqualTo(table);
    }

    @Test
    void readsAndWritesTheRecordedForm() {
        // This recorded form includes the RIDs of the client's encodings.
        String golden = Goldens.resource("negotiation-table-2.hex");
        assertThat(HexFormat.of().formatHex(NegotiationTableCodec.encode(TABLE)))
                .isEqualTo(golden);
        assertThat(NegotiationTableCodec.decode(HexFormat.of().parseHex(golden)))
                .isEqualTo(TABLE);
    }

    @Test
    void refusesBytesThatAreCutOff() {
        byte[] bytes = NegotiationTableCodec.encode(TABLE);
        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThatThrownBy(() -> NegotiationTableCodec.decode(cut)).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
