package org.rotunda.media.sdp;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.rotunda.media.codec.Codec;
import org.rotunda.media.control.Description;
import org.rotunda.media.stun.IceCredentials;

/** Fuzzes the reader of the negotiation state that nodes pass on: it is refused, or can be written and continued. */
class NegotiationTableFuzzTest {
    private static final LocalParameters LOCAL =
            new LocalParameters("u", "p", "sha-256 AA", List.of(), Set.of(Codec.VP8, Codec.H264));
    private static final List<OutgoingTrack> TRACKS = List.of(new OutgoingTrack("b", "sb", MediaKind.VIDEO, 2, 3, "c"));

    static Stream<byte[]> seeds() {
        return Goldens.NAMES.stream().filter(name -> name.startsWith("offer")).map(name -> {
            Negotiation negotiation =
                    new Negotiation(LOCAL, () -> new IceCredentials("v", "q"), 1, new RecordingSink());
            negotiation.setDesired(TRACKS, true, 0);
            negotiation.onRemoteDescription(new Description(Description.Type.OFFER, 1, Goldens.text(name)), 0);
            return NegotiationTableCodec.encode(negotiation.snapshot());
        });
    }

    @MethodSource("seeds")
    @FuzzTest
    void readsOrRefuses(byte[] bytes) {
        NegotiationTable table;
        try {
            table = NegotiationTableCodec.decode(bytes);
        } catch (IllegalArgumentException refused) {
            return;
        }
        byte[] written = NegotiationTableCodec.encode(table);
        assertThat(written.length)
                .isLessThanOrEqualTo(bytes.length + 8 * table.lines().size());
        assertThat(NegotiationTableCodec.decode(written)).isEqualTo(table);
        RecordingSink sink = new RecordingSink();
        try {
            Negotiation.takeOver(table, LOCAL, () -> new IceCredentials("v", "q"), TRACKS, true, sink, 0);
        } catch (IllegalArgumentException refused) {
            assertThat(sink.descriptions).isEmpty();
        }
    }
}
