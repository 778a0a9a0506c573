package org.rotunda.load.jmh;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.security.Provider;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.rotunda.media.rtp.RtpHeader;
import org.rotunda.media.srtp.CryptoProviders;
import org.rotunda.media.srtp.SrtpKeys;
import org.rotunda.media.srtp.SrtpProfile;
import org.rotunda.media.srtp.SrtpResult;
import org.rotunda.media.srtp.SrtpRole;
import org.rotunda.media.srtp.SrtpSession;

/** Measures the protection and unprotection of one RTP packet, with the same kinds of buffers as in the router. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@SuppressWarnings("NullAway.Init") // JMH runs the setup before it uses the fields.
public class SrtpBenchmark {
    /**
     * The number of packets that are unprotected in turn. The packets fit into the CPU caches, like one read batch of
     * the router.
     */
    private static final int RECEIVED_PACKETS = 128;

    private static final int SSRC = 0x5EED;
    private static final int PAYLOAD_TYPE = 96;
    private static final int BUFFER_BYTES = 2_048;

    /** The provider of the cryptography. */
    public enum CryptoProvider {
        /** The JDK's provider, SunJCE. */
        JDK,
        /** Amazon Corretto Crypto Provider (ACCP) for everything except AES-CTR, which comes from the JDK. */
        ACCP
    }

    @Param
    public SrtpProfile profile;

    @Param
    public CryptoProvider provider;

    /** The length of a packet with its header. The first value is typical of video, the second of audio. */
    @Param({"1200", "160"})
    public int lengthBytes;

    private final ByteBuf plain = Unpooled.buffer(BUFFER_BYTES);
    private final ByteBuf datagram = Unpooled.directBuffer(BUFFER_BYTES);
    private final ByteBuf[] received = new ByteBuf[RECEIVED_PACKETS];
    private SrtpSession router;
    private int sequenceNumber;
    private int next;

    @Setup(Level.Trial)
    public void openSessions() {
        Provider corretto = provider == CryptoProvider.JDK ? null : CryptoProviders.corretto();
        if (provider == CryptoProvider.ACCP && corretto == null) {
            throw new IllegalStateException("the Corretto provider does not load here");
        }
        SrtpKeys keys = SrtpKeys.ofExporter(profile, new byte[profile.keyingMaterialLengthBytes()]);
        router = new SrtpSession(keys, SrtpRole.SERVER, corretto);
        SrtpSession client = new SrtpSession(keys, SrtpRole.CLIENT, corretto);
        RtpHeader.write(plain.clear(), false, false, PAYLOAD_TYPE, 0, 0, SSRC);
        plain.writeZero(lengthBytes - RtpHeader.FIXED_LENGTH_BYTES);
        for (int i = 0; i < RECEIVED_PACKETS; i++) {
            RtpHeader.setSequenceNumber(plain, i);
            received[i] = Unpooled.directBuffer(BUFFER_BYTES);
            requireOk(client.protectRtp(plain, received[i]));
        }
    }

    @TearDown(Level.Trial)
    public void release() {
        datagram.release();
        for (ByteBuf packet : received) {
            packet.release();
        }
    }

    private static void requireOk(SrtpResult result) {
        if (result != SrtpResult.OK) {
            throw new IllegalStateException("not processed: " + result);
        }
    }

    /** Protects a packet. The plaintext is in a heap buffer, and the result is written to a direct buffer. */
    @Benchmark
    public ByteBuf protect() {
        sequenceNumber = (sequenceNumber + 1) & 0xFFFF;
        RtpHeader.setSequenceNumber(plain, sequenceNumber);
        requireOk(router.protectRtp(plain, datagram.clear()));
        return datagram;
    }

    /**
     * Unprotects a packet in place in a direct buffer. The measured time includes about 30 ns for the copy of the
     * ciphertext into the buffer.
     */
    @Benchmark
    public ByteBuf unprotect() {
        if (next == RECEIVED_PACKETS) {
            next = 0;
            router.forgetInbound(SSRC); // The session then accepts the same packets again.
        }
        ByteBuf packet = received[next++];
        datagram.clear().writeBytes(packet, packet.readerIndex(), packet.readableBytes());
        requireOk(router.unprotectRtp(datagram));
        return datagram;
    }
}
