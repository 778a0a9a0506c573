package org.rotunda.media.sctp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.rotunda.media.sctp.SctpPair.Link;

/** Properties of two ends and a seeded link between them that loses, repeats, delays and reorders packets. */
class LossyLinkProperties {
    private static final long ENOUGH_MS = 600_000; // This is virtual time.

    @Property(tries = 60)
    void reliableOrderedMessagesArriveOnceAndInOrderBothWays(
            @ForAll long seed,
            @ForAll @IntRange(max = 30) int lossPercent,
            @ForAll @IntRange(max = 20) int duplicatePercent,
            @ForAll @IntRange(max = 200) int jitterMs) {
        SctpPair pair = new SctpPair(seed, new Link(lossPercent, duplicatePercent, 5, jitterMs));
        Random random = new Random(seed);
        pair.client.start(pair.nowNanos);
        pair.server.start(pair.nowNanos);
        int down = pair.server.open("down", ChannelParameters.RELIABLE, pair.nowNanos);
        int up = pair.client.open("up", ChannelParameters.RELIABLE, pair.nowNanos);
        List<String> sentDown = new ArrayList<>();
        List<String> sentUp = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            String text = i + ":" + "d".repeat(random.nextInt(10) == 0 ? random.nextInt(20_000) : random.nextInt(50));
            if (random.nextBoolean()) {
                sentDown.add(text);
                assertThat(pair.sendText(pair.server, down, text)).isTrue();
            } else {
                sentUp.add(text);
                assertThat(pair.sendText(pair.client, up, text)).isTrue();
            }
            pair.runMs(random.nextInt(30));
        }
        pair.runUntil(
                () -> pair.clientEvents.texts(down).size() >= sentDown.size()
                        && pair.serverEvents.texts(up).size() >= sentUp.size()
                        && pair.server.unacknowledged(down).isEmpty()
                        && pair.client.unacknowledged(up).isEmpty(),
                ENOUGH_MS);
        pair.runMs(1_000);

        assertThat(pair.clientEvents.texts(down)).isEqualTo(sentDown);
        assertThat(pair.serverEvents.texts(up)).isEqualTo(sentUp);
        assertThat(pair.server.unacknowledged(down)).isEmpty();
        assertThat(pair.serverEvents.ups).isOne();
        assertThat(pair.clientEvents.ups).isOne();
        assertThat(pair.serverEvents.restarts + pair.clientEvents.restarts).isZero();
        assertThat(pair.serverEvents.downs).isEmpty();
    }

    @Property(tries = 60)
    void limitedMessagesArriveAtMostOnceAndNeverBlockLaterMessages(
            @ForAll long seed,
            @ForAll @IntRange(max = 40) int lossPercent,
            @ForAll boolean ordered,
            @ForAll @IntRange(max = 2) int kind) {
        SctpPair pair = new SctpPair(seed, Link.PERFECT);
        pair.client.start(pair.nowNanos);
        ChannelParameters parameters = switch (kind) {
            case 0 -> new ChannelParameters(ordered, 0, -1, "");
            case 1 -> new ChannelParameters(ordered, 2, -1, "");
            default -> new ChannelParameters(ordered, -1, 100, "");
        };
        int id = pair.server.open("limited", parameters, pair.nowNanos);
        int reliable = pair.server.open("reliable", ChannelParameters.RELIABLE, pair.nowNanos);
        pair.runMs(500);
        pair.link = new Link(lossPercent, 10, 5, 40);
        Random random = new Random(seed);
        for (int i = 0; i < 80; i++) {
            // Some messages are cut into fragments, and some of these fragments are lost.
            pair.sendText(pair.server, id, i + ":" + "p".repeat(random.nextInt(4) == 0 ? random.nextInt(6_000) : 10));
            pair.runMs(random.nextInt(20));
        }
        pair.sendText(pair.server, reliable, "end");
        assertThat(pair.runUntil(() -> !pair.clientEvents.texts(reliable).isEmpty(), ENOUGH_MS))
                .isTrue();
        pair.link = Link.PERFECT;
        pair.runMs(20_000);
        pair.sendText(pair.server, id, "last:");
        pair.runMs(1_000);

        List<String> numbers = pair.clientEvents.texts(id).stream()
                .map(text -> text.substring(0, text.indexOf(':')))
                .toList();
        assertThat(numbers).doesNotHaveDuplicates().contains("last");
        if (ordered) {
            List<Integer> received = numbers.subList(0, numbers.size() - 1).stream()
                    .map(Integer::valueOf)
                    .toList();
            assertThat(received).isSorted();
        }
        assertThat(pair.client.bufferedBytes(id)).isZero();
        assertThat(pair.server.bufferedBytes(id)).isZero();
        assertThat(pair.server.unacknowledged(id)).isEmpty();
        assertThat(pair.serverEvents.downs).isEmpty();
    }

    @Property(tries = 40)
    void channelsCloseOnBothSidesDespiteLoss(
            @ForAll long seed, @ForAll @IntRange(max = 30) int lossPercent, @ForAll boolean serverCloses) {
        SctpPair pair = new SctpPair(seed, new Link(lossPercent, 10, 5, 60));
        pair.client.start(pair.nowNanos);
        List<Integer> ids = new ArrayList<>();
        for (int round = 0; round < 3; round++) {
            int id = pair.server.open("c" + round, ChannelParameters.RELIABLE, pair.nowNanos);
            ids.add(id);
            for (int i = 0; i < 5; i++) {
                pair.sendText(pair.server, id, round + "/" + i + "x".repeat(3_000));
            }
            int seen = 5 * (round + 1);
            assertThat(pair.runUntil(() -> pair.clientEvents.messages.size() == seen, ENOUGH_MS))
                    .isTrue();
            (serverCloses ? pair.server : pair.client).close(id, pair.nowNanos);
            int closings = round + 1;
            assertThat(pair.runUntil(
                            () -> pair.serverEvents.closed.size() == closings
                                    && pair.clientEvents.closed.size() == closings,
                            ENOUGH_MS))
                    .isTrue();
        }
        assertThat(pair.serverEvents.closed).isEqualTo(ids);
        assertThat(pair.clientEvents.closed).isEqualTo(ids);
        assertThat(ids).containsOnly(1); // The id is free again each time.
    }

    @Property(tries = 40)
    void aRestartOfEitherEndKeepsChannelsAndRepeatsMessages(
            @ForAll long seed, @ForAll @IntRange(max = 20) int lossPercent, @ForAll boolean collide) {
        SctpPair pair = new SctpPair(seed, Link.PERFECT);
        pair.client.start(pair.nowNanos);
        int id = pair.server.open("kept", ChannelParameters.RELIABLE, pair.nowNanos);
        pair.sendText(pair.server, id, "before");
        pair.runMs(500);
        pair.link = new Link(lossPercent, 10, 5, 60);
        pair.sendText(pair.server, id, "long one " + "w".repeat(50_000));
        pair.sendText(pair.server, id, "short one");
        pair.drain();
        List<ChannelInfo> channels = pair.client.channels();
        pair.replaceClient();
        pair.forgetPacketsInFlight();
        channels.forEach(channel -> pair.client.adopt(channel, pair.nowNanos));
        pair.client.start(pair.nowNanos);
        if (collide) {
            pair.server.start(pair.nowNanos); // The call has no effect on an established association.
        }
        pair.runUntil(() -> pair.clientEvents.texts(id).size() >= 3, ENOUGH_MS);
        pair.sendText(pair.client, id, "and back");
        assertThat(pair.runUntil(() -> !pair.serverEvents.messages.isEmpty(), ENOUGH_MS))
                .isTrue();

        assertThat(pair.clientEvents.texts(id)).hasSize(3).startsWith("before").endsWith("short one");
        assertThat(pair.serverEvents.restarts).isOne();
        assertThat(pair.server.statistics().restarts()).isOne();
        assertThat(pair.serverEvents.closed).isEmpty();
        assertThat(pair.serverEvents.downs).isEmpty();
    }

    @Property(tries = 20)
    void sameInputsGiveSameOutputs(@ForAll long seed) {
        assertThat(transcript(seed)).isEqualTo(transcript(seed));
    }

    private static List<Object> transcript(long seed) {
        SctpPair pair = new SctpPair(seed, new Link(10, 10, 5, 50));
        pair.client.start(pair.nowNanos);
        pair.server.start(pair.nowNanos);
        int id = pair.server.open("c", new ChannelParameters(false, 1, -1, ""), pair.nowNanos);
        for (int i = 0; i < 20; i++) {
            pair.sendText(pair.server, id, "t".repeat(i * 200));
            pair.runMs(7);
        }
        pair.runMs(10_000);
        return List.of(
                pair.packets,
                pair.clientEvents.messages,
                pair.server.statistics().dataChunksRetransmitted());
    }
}
