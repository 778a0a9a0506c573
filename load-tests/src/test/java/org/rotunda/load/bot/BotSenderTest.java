package org.rotunda.load.bot;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.rotunda.load.bot.source.SyntheticVideo;
import org.rotunda.media.dtls.DtlsIdentity;
import org.rotunda.media.feedback.RtcpReporter;
import org.rotunda.media.net.HandshakePool;
import org.rotunda.media.rtp.RtpExtensions;
import org.rotunda.media.rtp.RtpHeader;
import org.rotunda.media.sdp.HeaderExtension;
import org.rotunda.media.sdp.MediaSection;
import org.rotunda.media.sdp.SdpLine;
import org.rotunda.media.testkit.PeerSdp;

class BotSenderTest {
    private static final int TOP = 2;

    private final RandomGenerator random =
            RandomGeneratorFactory.of("L64X128MixRandom").create(1);
    private final EventLoop executor = new DefaultEventLoop();
    private final HandshakePool handshakes = new HandshakePool();
    private final List<byte[]> sent = new ArrayList<>();
    private final BotSender sender = new BotSender(
            new MediaCounters(),
            new RtcpReporter(1, new byte[] {'c'}, random),
            new BotMedia.Environment(
                    DtlsIdentity.generate(new SecureRandom(), Instant.now()),
                    handshakes,
                    new BotLoop(executor),
                    random,
                    0),
            packet -> sent.add(ByteBufUtil.getBytes(packet)));
    private final VideoOut video = new VideoOut("camera", "v", SyntheticVideo.simulcast(), random, 0, 0);

    @AfterEach
    void close() {
        sender.replaceTracks(List.of(), null);
        handshakes.close();
        executor.shutdownGracefully(0, 0, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private static String rid(ByteBuf packet, int id) {
        int element = RtpExtensions.find(packet, id);
        assertThat(element).isNotEqualTo(RtpExtensions.NONE);
        return packet.toString(
                RtpExtensions.offset(element), RtpExtensions.lengthBytes(element), StandardCharsets.US_ASCII);
    }

    @Test
    void aResentPacketHasTheRepairedRidOfItsStreamAndTheSamePayload() {
        MediaSection answer = new MediaSection(
                "video",
                9,
                "UDP/TLS/RTP/SAVPF",
                List.of("96", "97"),
                List.of(
                        new SdpLine('a', "extmap:5 " + HeaderExtension.RID.uri()),
                        new SdpLine('a', "extmap:6 " + HeaderExtension.REPAIRED_RID.uri())));
        video.setExtensions(TrackExtensions.of(answer, "0", 3));
        sender.replaceTracks(List.of(video), null);
        sender.onTime(1_000_000_000L);
        OutgoingStream top = video.streams().get(TOP);
        ByteBuf first = sent.stream()
                .map(Unpooled::wrappedBuffer)
                .filter(packet -> RtpHeader.ssrc(packet) == top.ssrc())
                .findFirst()
                .orElseThrow();
        int number = RtpHeader.sequenceNumber(first);
        sent.clear();

        sender.onNack(top.ssrc(), number, 1_000_000_000L);

        assertThat(sent).hasSize(1);
        ByteBuf resent = Unpooled.wrappedBuffer(sent.get(0));
        assertThat(rid(first, 5)).isEqualTo("r2");
        assertThat(rid(resent, 6)).isEqualTo("r2");
        assertThat(RtpExtensions.find(resent, 5)).isEqualTo(RtpExtensions.NONE);
        assertThat(RtpHeader.ssrc(resent)).isEqualTo(top.rtxSsrc());
        assertThat(RtpHeader.payloadType(resent)).isEqualTo(PeerSdp.rtxPayloadType(PeerSdp.VP8));
        ByteBuf payload = first.skipBytes(RtpHeader.lengthBytes(first));
        resent.skipBytes(RtpHeader.lengthBytes(resent));
        assertThat(resent.readUnsignedShort()).isEqualTo(number); // RFC 4588 §4
        assertThat(resent).isEqualTo(payload);
    }
}
