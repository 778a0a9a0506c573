package org.rotunda.load.cluster;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.rotunda.load.browser.CallPage;
import org.rotunda.load.browser.MediaExpectations;
import org.rotunda.load.testkit.Await;

/**
 * The bytes that the nodes sent and the pages received over the same interval, counted as UDP payload.
 *
 * <p>{@code sent} is {@code rotunda_media_bytes_out_total} of all nodes, which counts every datagram. {@code transport}
 * is the sum of {@code bytesReceived} of the pages' transports. In Chromium this value counts every datagram except
 * STUN. The pages therefore count STUN responses separately, and each response has the same size.
 *
 * @param payload the part of {@code transport} that is media payload, without padding and headers; for the report
 * @param headers the part of {@code transport} that is RTP headers with extensions and padding; for the report
 */
record MediaBytes(double sent, double transport, double payload, double headers, double stunResponses) {
    /**
     * The length of a STUN response (RFC 8489). The header has 20 bytes, XOR-MAPPED-ADDRESS for IPv4 has 12,
     * MESSAGE-INTEGRITY has 24, and FINGERPRINT has 8.
     */
    private static final int STUN_RESPONSE_BYTES = 64;

    private static final String BYTES_OUT = "rotunda_media_bytes_out_total";

    /** Returns the totals since the start of the nodes and pages. */
    private static MediaBytes now(ClusterRig rig, List<CallPage> pages) {
        // Nodes update this metric only at intervals. The value is accurate just after a change, so the test waits for
        // a change.
        double old = rig.sum(BYTES_OUT);
        double[] sent = {old};
        Await.until("fresh figures", ClusterRig.START, () -> {
            sent[0] = rig.sum(BYTES_OUT);
            return sent[0] != old;
        });
        double[] sums = new double[4];
        for (CallPage page : pages) {
            Map<String, Object> received = CallPage.cast(page.evaluate("() => call.received()"));
            List<String> keys = List.of("transport", "payload", "headers", "stunResponses");
            for (int i = 0; i < sums.length; i++) {
                sums[i] += MediaExpectations.number(received, keys.get(i));
            }
        }
        return new MediaBytes(sent[0], sums[0], sums[1], sums[2], sums[3]);
    }

    /** Measures an interval that begins now. */
    static MediaBytes over(Duration interval, ClusterRig rig, List<CallPage> pages) {
        MediaBytes before = now(rig, pages);
        Instant end = Instant.now().plus(interval);
        Await.until(
                "the interval to pass",
                interval.multipliedBy(2),
                () -> Instant.now().isAfter(end));
        MediaBytes after = now(rig, pages);
        return new MediaBytes(
                after.sent - before.sent,
                after.transport - before.transport,
                after.payload - before.payload,
                after.headers - before.headers,
                after.stunResponses - before.stunResponses);
    }

    /** Returns the bytes that the pages received, STUN included. */
    double received() {
        return transport + stunResponses * STUN_RESPONSE_BYTES;
    }

    /** Returns the difference of sent and received bytes as a fraction of the sent bytes. */
    double difference() {
        return (sent - received()) / sent;
    }

    String report() {
        return "sent %.0f bytes, received %.0f (%.2f %% less): payload %.0f, RTP headers %.0f, SRTP tags + RTCP + DTLS %.0f, STUN %.0f"
                .formatted(
                        sent,
                        received(),
                        100 * difference(),
                        payload,
                        headers,
                        transport - payload - headers,
                        received() - transport);
    }
}
