package org.rotunda.media.sdp;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.rotunda.media.codec.Codec;
import org.rotunda.media.control.Description;
import org.rotunda.media.stun.IceCredentials;

/**
 * Tests that the work for a description grows only with its length, and not with its content. The work is measured in
 * allocated bytes, because they do not depend on the machine, and because the reader allocates a text for each word
 * that it looks at.
 */
class DescriptionCostTest {
    /**
     * The maximum number of allocated bytes for each character. Each reading of a character allocates some ten bytes,
     * and a description is read several times.
     */
    private static final int BYTES_PER_CHARACTER_MAX = 200;

    private static final LocalParameters LOCAL = new LocalParameters(
            "L0",
            "pwd",
            "sha-256 AA:BB",
            List.of("1 1 udp 2130706431 192.0.2.1 10000 typ host"),
            Set.of(Codec.VP8, Codec.H264));

    /**
     * Tests a payload type that has 8,000 parameters and is listed 256 times. An earlier version read the parameters
     * once per listing.
     */
    @Test
    void aPayloadTypeThatIsListedOftenIsReadOnce() {
        String section = "m=video 9 UDP/TLS/RTP/SAVPF" + " 96".repeat(SdpParser.FORMATS_MAX) + "\r\n"
                + "a=rtpmap:96 H264/90000\r\na=fmtp:96 " + "a;".repeat(8_000) + "\r\n";

        assertLinear(description(30, section, "1"));
    }

    /**
     * Tests MIDs with equal hash codes. A lookup in an unmodifiable set of such MIDs would compare the MID with all
     * MIDs of the set.
     */
    @Test
    void midsOfEqualHashCodesAreToldApart() {
        List<String> mids = new ArrayList<>(List.of(""));
        for (int pair = 0; pair < 8; pair++) {
            mids = mids.stream()
                    .flatMap(mid -> List.of(mid + "Aa", mid + "BB").stream())
                    .collect(Collectors.toCollection(ArrayList::new));
        }
        assertThat(mids.stream().map(String::hashCode).distinct()).hasSize(1);

        RemoteDescription.Outcome outcome = RemoteDescription.read(description(mids, ""));

        assertThat(outcome.reason()).isEmpty();
    }

    /** Tests a client that already uses the MIDs that our new m-lines would get. We must skip these MIDs cheaply. */
    @Test
    void midsThatTheClientTookAreSkippedOnce() {
        MLineTable table = new MLineTable();
        int lines = 150;
        for (int i = 0; i < lines; i++) {
            table.add(new MLine("s" + (lines + i), MediaKind.AUDIO));
            table.lines().get(i).rejected = true;
        }
        CodecTable codecs = new CodecTable();
        codecs.put(MediaKind.AUDIO, List.of(new CodecPayload(Codec.OPUS, 111, -1, Set.of())), java.util.Map.of());
        DesiredMedia desired = DesiredMedia.of(
                IntStream.range(0, 200)
                        .mapToObj(i -> new OutgoingTrack("MT" + i, "S", MediaKind.AUDIO, i, OutgoingTrack.NO_RTX, "c"))
                        .toList(),
                false);

        long bytes = allocated(() -> table.place(desired, codecs));

        assertThat(table.lines()).hasSize(lines + 200);
        assertThat(table.lines().stream().map(line -> line.mid).distinct()).hasSize(lines + 200);
        // Each new m-line allocates a MID and some table entries. An earlier version searched all m-lines for each new
        // MID, and allocated 9 MB.
        assertThat(bytes).isLessThan(300_000);
    }

    /** Sends the largest description that the parser accepts. */
    @Test
    void theLargestDescriptionIsAnsweredAtALinearCost() {
        String section = """
                m=audio 9 UDP/TLS/RTP/SAVPF 111
                a=rtpmap:111 opus/48000/2
                a=sendrecv
                a=msid:- TRACK
                a=ssrc:SSRC cname:c
                """;
        assertLinear(description(SdpParser.M_LINES_MAX, section, "1"));
    }

    private static void assertLinear(String sdp) {
        assertThat(sdp.length()).isLessThan(SdpParser.LENGTH_MAX);
        Description offer = new Description(Description.Type.OFFER, 1, sdp);
        RecordingSink sink = new RecordingSink();
        Negotiation negotiation = new Negotiation(LOCAL, () -> new IceCredentials("fresh", "fresh-pwd"), 7, sink);

        long bytes = allocated(() -> negotiation.onRemoteDescription(offer, 0));

        assertThat(bytes / sdp.length()).as("bytes for a character").isLessThan(BYTES_PER_CHARACTER_MAX);
    }

    private static long allocated(Runnable work) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        work.run();
        return threads.getCurrentThreadAllocatedBytes() - before;
    }

    private static String description(int sections, String section, String firstMid) {
        int first = Integer.parseInt(firstMid);
        return description(
                IntStream.range(first, first + sections)
                        .mapToObj(Integer::toString)
                        .toList(),
                section);
    }

    private static String description(List<String> mids, String section) {
        String body = section.isEmpty() ? "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=rtpmap:111 opus/48000/2\r\n" : section;
        StringBuilder sdp = new StringBuilder("v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE ")
                .append(String.join(" ", mids))
                .append("\r\n");
        for (int i = 0; i < mids.size(); i++) {
            sdp.append(body.replace("TRACK", "track-" + i).replace("SSRC", Integer.toString(i + 1)))
                    .append("a=mid:")
                    .append(mids.get(i))
                    .append("\r\na=ice-ufrag:ufrag\r\na=ice-pwd:a-password-of-24-letters\r\n")
                    .append("a=fingerprint:sha-256 AA:BB\r\na=setup:actpass\r\n");
        }
        return sdp.toString();
    }
}
