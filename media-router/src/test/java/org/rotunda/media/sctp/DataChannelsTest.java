package org.rotunda.media.sctp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rotunda.media.time.Deadline.NO_DEADLINE;

import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.rotunda.media.sctp.SctpPair.Link;

class DataChannelsTest {
    private static final ChannelParameters UNRELIABLE = new ChannelParameters(false, 0, -1, "proto");

    @Test
    void opensAChannelOfEitherSideAndCarriesTextAndBinary() {
        SctpPair pair = SctpPair.established();
        int ours = pair.server.open("from-server", ChannelParameters.RELIABLE, pair.nowNanos);
        int theirs = pair.client.open("from-client", UNRELIABLE, pair.nowNanos);
        pair.sendText(pair.server, ours, "sent before the ACK");
        pair.runMs(100);
        pair.client.send(ours, Unpooled.wrappedBuffer(new byte[] {1, 2}), true, pair.nowNanos);
        pair.client.send(theirs, Unpooled.EMPTY_BUFFER, false, pair.nowNanos);
        pair.client.send(theirs, Unpooled.EMPTY_BUFFER, true, pair.nowNanos);
        pair.runMs(300);

        assertThat(ours).isOdd();
        assertThat(theirs).isEven();
        assertThat(pair.clientEvents.open).containsEntry(ours, "from-server").containsEntry(theirs, "from-client");
        assertThat(pair.serverEvents.open).containsEntry(ours, "from-server").containsEntry(theirs, "from-client");
        assertThat(pair.serverEvents.parameters).containsEntry(theirs, UNRELIABLE);
        assertThat(pair.clientEvents.texts(ours)).containsExactly("sent before the ACK");
        assertThat(pair.serverEvents.messages)
                .containsExactly(
                        new RecordingListener.Message(ours, "\1\2", true),
                        new RecordingListener.Message(theirs, "", false),
                        new RecordingListener.Message(theirs, "", true));
    }

    @Test
    void messagesSentBeforeTheAssociationIsUpArriveAfterwards() {
        SctpPair pair = new SctpPair(3, Link.PERFECT);
        int id = pair.server.open("early", ChannelParameters.RELIABLE, pair.nowNanos);
        assertThat(pair.sendText(pair.server, id, "hello")).isTrue();
        pair.client.start(pair.nowNanos);
        pair.runMs(300);

        assertThat(pair.clientEvents.texts(id)).containsExactly("hello");
    }

    @Test
    void carriesTheLongestMessageAndRefusesALongerOne() {
        SctpPair pair = SctpPair.established();
        int id = pair.server.open("big", ChannelParameters.RELIABLE, pair.nowNanos);
        String longest = "x".repeat(SctpSettings.DEFAULT.messageBytesMax());
        assertThat(pair.sendText(pair.server, id, longest)).isTrue();
        assertThat(pair.sendText(pair.server, id, longest + "x")).isFalse();
        pair.runMs(3_000);

        assertThat(pair.clientEvents.texts(id)).containsExactly(longest);
        assertThat(pair.server.statistics().dropped(SctpDrop.SEND_MESSAGE_TOO_LONG))
                .isOne();
    }

    @Test
    void closingResetsBothDirectionsAndFreesTheIdOnlyThen() {
        SctpPair pair = SctpPair.established();
        int id = pair.server.open("first", ChannelParameters.RELIABLE, pair.nowNanos);
        pair.sendText(pair.server, id, "one");
        pair.runMs(300);
        pair.sendText(pair.server, id, "last words");
        pair.server.close(id, pair.nowNanos);
        int other = pair.server.open("second", ChannelParameters.RELIABLE, pair.nowNanos);
        assertThat(pair.sendText(pair.server, id, "too late")).isFalse();
        pair.runMs(500);
        int reused = pair.server.open("third", ChannelParameters.RELIABLE, pair.nowNanos);
        pair.sendText(pair.server, reused, "numbered from zero again");
        pair.runMs(300);

        assertThat(other).isNotEqualTo(id);
        assertThat(reused).isEqualTo(id);
        assertThat(pair.serverEvents.closed).containsExactly(id);
        assertThat(pair.clientEvents.closed).containsExactly(id);
        assertThat(pair.clientEvents.texts(id)).containsExactly("one", "last words", "numbered from zero again");
        assertThat(pair.clientEvents.open).containsEntry(id, "third");
    }

    @Test
    void bothSidesMayCloseAtOnce() {
        SctpPair pair = SctpPair.established();
        int id = pair.server.open("both", ChannelParameters.RELIABLE, pair.nowNanos);
        pair.runMs(100);
        pair.server.close(id, pair.nowNanos);
        pair.client.close(id, pair.nowNanos);
        pair.runMs(2_000);

        assertThat(pair.serverEvents.closed).containsExactly(id);
        assertThat(pair.clientEvents.closed).containsExactly(id);
        assertThat(pair.server.channels()).isEmpty();
    }

    @Test
    void refusesToBufferMoreThanTheChannelsLimit() {
        SctpPair pair = new SctpPair(5, Link.PERFECT);
        int id = pair.server.open("slow", ChannelParameters.RELIABLE, pair.nowNanos);
        int accepted = 0;
        while (pair.sendText(pair.server, id, "y".repeat(10_000))) {
            accepted++;
        }
        assertThat(accepted * 10_000).isBetween(1_000_000, SctpSettings.DEFAULT.channelSendBufferBytesMax());
        assertThat(pair.server.statistics().dropped(SctpDrop.SEND_BUFFER_FULL)).isOne();

        int expected = accepted;
        pair.client.start(pair.nowNanos);
        assertThat(pair.runUntil(() -> pair.clientEvents.texts(id).size() == expected, 20_000))
                .isTrue();
        assertThat(pair.sendText(pair.server, id, "room again")).isTrue();
    }

    @Test
    void refusesToBufferMoreThanTheAssociationsLimit() {
        SctpPair pair = new SctpPair(5, Link.PERFECT);
        for (int channel = 0; channel < 12; channel++) {
            int id = pair.server.open("c" + channel, ChannelParameters.RELIABLE, pair.nowNanos);
            for (int i = 0; i < 3; i++) {
                pair.sendText(pair.server, id, "z".repeat(250_000));
            }
        }
        assertThat(pair.server.statistics().dropped(SctpDrop.SEND_BUFFER_FULL)).isPositive();
    }

    /**
     * Tests an ordered message that a gap block confirms while an earlier message is missing. The peer holds the later
     * message back until the earlier message comes, so the later message counts as not delivered.
     */
    @Test
    void orderedMessageBehindAMissingOneIsNotDelivered() {
        SctpPair pair = SctpPair.established();
        int ordered = pair.server.open("ordered", ChannelParameters.RELIABLE, pair.nowNanos);
        int unordered = pair.server.open(
                "unordered",
                new ChannelParameters(false, ChannelParameters.UNLIMITED, ChannelParameters.UNLIMITED, ""),
                pair.nowNanos);
        pair.runMs(500);
        pair.dropToClient = packet -> true;
        pair.sendText(pair.server, ordered, "missing");
        pair.sendText(pair.server, unordered, "missing too");
        pair.runMs(1);
        pair.dropToClient = packet -> false;
        pair.sendText(pair.server, ordered, "behind");
        pair.sendText(pair.server, unordered, "on its own");
        pair.runMs(100);

        assertThat(pair.clientEvents.texts(ordered)).isEmpty();
        assertThat(pair.clientEvents.texts(unordered)).containsExactly("on its own");
        assertThat(texts(pair.server.unacknowledged(ordered))).containsExactly("missing", "behind");
        assertThat(texts(pair.server.unacknowledged(unordered))).containsExactly("missing too");

        var clientChannels = pair.client.channels();
        pair.replaceClient();
        clientChannels.forEach(channel -> pair.client.adopt(channel, pair.nowNanos));
        pair.client.start(pair.nowNanos);
        pair.runMs(2_000);
        assertThat(pair.clientEvents.texts(ordered)).containsExactly("missing", "behind");
        assertThat(pair.clientEvents.texts(unordered)).containsExactly("on its own", "missing too");
    }

    private static List<String> texts(List<UnacknowledgedMessage> messages) {
        return messages.stream()
                .map(message -> message.payload().toString(StandardCharsets.UTF_8))
                .toList();
    }

    /**
     * Tests that confirmations are not delayed. Otherwise another node that takes over the connection would repeat
     * messages that the client has received.
     */
    @Test
    void lastMessageIsConfirmedWithoutDelay() {
        SctpPair pair = SctpPair.established();
        int ours = pair.server.open("ours", ChannelParameters.RELIABLE, pair.nowNanos);
        pair.runMs(500);
        for (int i = 0; i < 3; i++) {
            pair.sendText(pair.server, ours, "alone");
            pair.runMs(2L * SctpPair.Link.PERFECT.delayMs() + 1);
            assertThat(pair.server.unacknowledged(ours)).isEmpty();
        }
    }

    @Test
    void nextNodeAdoptsTheChannelsAndRepeatsUnacknowledgedMessages() {
        SctpPair pair = SctpPair.established();
        int ours = pair.server.open("ours", ChannelParameters.RELIABLE, pair.nowNanos);
        int theirs = pair.client.open("theirs", ChannelParameters.RELIABLE, pair.nowNanos);
        pair.sendText(pair.server, ours, "before");
        pair.runMs(500);
        pair.dropToClient = packet -> true;
        pair.sendText(pair.server, ours, "lost 1");
        pair.sendText(pair.server, ours, "lost 2");
        pair.runMs(200);
        var channels = pair.server.channels();
        var unacknowledged = pair.server.unacknowledged(ours);

        pair.replaceServer();
        pair.dropToClient = packet -> false;
        channels.forEach(
                channel -> assertThat(pair.server.adopt(channel, pair.nowNanos)).isTrue());
        unacknowledged.forEach(
                message -> assertThat(pair.server.send(ours, message.payload(), message.binary(), pair.nowNanos))
                        .isTrue());
        // Chromium begins a new association, as the server does, but it keeps its channels.
        var clientChannels = pair.client.channels();
        pair.replaceClient();
        clientChannels.forEach(channel -> pair.client.adopt(channel, pair.nowNanos));
        pair.client.start(pair.nowNanos);
        pair.server.start(pair.nowNanos);
        pair.runMs(500);
        pair.sendText(pair.client, theirs, "from the client");
        pair.runMs(300);

        assertThat(channels).extracting(ChannelInfo::streamId).containsExactlyInAnyOrder(ours, theirs);
        assertThat(unacknowledged).hasSize(2);
        assertThat(pair.clientEvents.texts(ours)).containsExactly("before", "lost 1", "lost 2");
        assertThat(pair.serverEvents.texts(theirs)).containsExactly("from the client");
        assertThat(pair.clientEvents.closed).isEmpty();
        assertThat(pair.serverEvents.closed).isEmpty();
    }

    @Test
    void adoptedChannelsKeepTheirIdsAndNewOnesAvoidThem() {
        SctpPair pair = new SctpPair(1, Link.PERFECT);
        ChannelInfo known = new ChannelInfo(1, "known", ChannelParameters.RELIABLE, false, true);
        assertThat(pair.server.adopt(known, pair.nowNanos)).isTrue();
        assertThat(pair.server.adopt(known, pair.nowNanos)).isFalse();
        assertThat(pair.server.open("new", ChannelParameters.RELIABLE, pair.nowNanos))
                .isEqualTo(3);
        assertThat(pair.server.channels().get(0)).isEqualTo(known);
    }

    @Test
    void openOnAnIdInUseClosesTheOldChannelFirst() {
        // The client has forgotten its channel without a stream reset, so it uses the stream id again.
        SctpPair pair = SctpPair.established();
        pair.server.adopt(new ChannelInfo(0, "old", ChannelParameters.RELIABLE, true, true), pair.nowNanos);
        int reopened = pair.client.open("new", ChannelParameters.RELIABLE, pair.nowNanos);
        pair.runMs(300);
        pair.sendText(pair.client, reopened, "on the new one");
        pair.runMs(300);

        assertThat(reopened).isZero();
        assertThat(pair.serverEvents.closed).containsExactly(0);
        assertThat(pair.serverEvents.open).containsEntry(0, "new");
        assertThat(pair.serverEvents.texts(0)).containsExactly("on the new one");
    }

    @Test
    void manyChannelsOpenAndCloseAtOnce() {
        SctpPair pair = SctpPair.established();
        for (int i = 0; i < 400; i++) {
            assertThat(pair.server.open("s" + i, ChannelParameters.RELIABLE, pair.nowNanos))
                    .isPositive();
        }
        pair.runMs(1_000);
        assertThat(pair.clientEvents.open).hasSize(400);
        pair.server.channels().forEach(channel -> pair.server.close(channel.streamId(), pair.nowNanos));
        pair.runMs(3_000);
        assertThat(pair.serverEvents.closed).hasSize(400);
        assertThat(pair.clientEvents.closed).hasSize(400);
    }

    @Test
    void runsOutOfStreamIds() {
        SctpPair pair = new SctpPair(1, Link.PERFECT);
        int last = 0;
        int opened = 0;
        while (last >= 0) {
            last = pair.server.open("c", ChannelParameters.RELIABLE, pair.nowNanos);
            opened++;
        }
        assertThat(opened - 1).isEqualTo(512);
        assertThat(pair.server.statistics().dropped(SctpDrop.CHANNEL_LIMIT)).isOne();
    }

    @Test
    void abortEndsChannelsOnBothSidesAndDisposeSendsNothing() {
        SctpPair pair = SctpPair.established();
        int id = pair.server.open("x", ChannelParameters.RELIABLE, pair.nowNanos);
        pair.runMs(300);
        pair.server.abort(pair.nowNanos);
        pair.runMs(100);
        assertThat(pair.serverEvents.downs).containsExactly(AssociationDownReason.ABORTED);
        assertThat(pair.clientEvents.downs).containsExactly(AssociationDownReason.ABORTED_BY_PEER);
        assertThat(pair.clientEvents.closed).containsExactly(id);

        SctpPair silent = SctpPair.established();
        silent.server.open("x", ChannelParameters.RELIABLE, silent.nowNanos);
        silent.runMs(1_000);
        long packets = silent.packets;
        silent.server.dispose();
        silent.drain();
        assertThat(silent.packets).isEqualTo(packets);
        assertThat(silent.server.nextDeadlineNanos()).isEqualTo(NO_DEADLINE);
        assertThat(silent.clientEvents.closed).isEmpty();
        assertThat(silent.serverEvents.downs).isEmpty();
    }

    @Test
    void aMessageLongerThanAnnouncedClosesItsChannel() {
        SctpSettings small = new SctpSettings(
                5000, 1191, 20_000, 1 << 20, 1024, 1024, 1 << 20, 8 << 20, 500, 400, 3_000, 200, 30_000, 40, 60_000);
        SctpPair pair = new SctpPair(1, Link.PERFECT);
        pair.server = new DataChannels(small, new java.util.Random(9), pair.serverEvents);
        pair.client.start(pair.nowNanos);
        int id = pair.client.open("x", ChannelParameters.RELIABLE, pair.nowNanos);
        pair.runMs(300);
        pair.sendText(pair.client, id, "l".repeat(100_000));
        pair.runMs(2_000);

        assertThat(pair.server.statistics().dropped(SctpDrop.MESSAGE_TOO_LONG)).isPositive();
        assertThat(pair.serverEvents.messages).isEmpty();
        assertThat(pair.serverEvents.closed).containsExactly(id);
        assertThat(pair.clientEvents.closed).containsExactly(id);
    }
}
