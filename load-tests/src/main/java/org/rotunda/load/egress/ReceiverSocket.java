package org.rotunda.load.egress;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.rotunda.media.rtp.PacketKind;
import org.rotunda.media.rtp.RtpHeader;

/**
 * The socket of one receiver. It reads with GRO: the kernel would otherwise cut each run in the system call of its
 * sender. Checks lengths and sequence numbers, which are not encrypted. Not safe for use by several threads.
 */
final class ReceiverSocket {
    private static final int SOL_UDP = 17;
    private static final int UDP_GRO = 104;
    private static final int BUFFER_BYTES = 4 << 20;
    private static final int UNKNOWN = -1;

    private final Socket socket;
    private final InetSocketAddress address;
    private final int datagramBytes;
    private final boolean keeping;
    private final List<byte[]> kept = new ArrayList<>();
    private int nextSequenceNumber = UNKNOWN;
    private long packets;
    private long faults;
    private long answers;

    private ReceiverSocket(Socket socket, InetSocketAddress address, int datagramBytes, boolean keeping) {
        this.socket = socket;
        this.address = address;
        this.datagramBytes = datagramBytes;
        this.keeping = keeping;
    }

    /**
     * Binds a socket to a free port of this machine.
     *
     * @param datagramBytes the length of each packet of media
     * @param keeping whether the socket keeps a copy of each packet of media
     */
    static ReceiverSocket open(int datagramBytes, boolean keeping) throws IOException {
        Socket socket = Socket.newSocketDgram();
        try {
            socket.setReceiveBufferSize(BUFFER_BYTES);
            socket.setIntOpt(SOL_UDP, UDP_GRO, 1);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            InetSocketAddress address = new InetSocketAddress(
                    InetAddress.getLoopbackAddress(), socket.localAddress().getPort());
            return new ReceiverSocket(socket, address, datagramBytes, keeping);
        } catch (IOException failure) {
            socket.close();
            throw failure;
        }
    }

    InetSocketAddress address() {
        return address;
    }

    /** Takes everything that has arrived. Does not block. */
    void drain(ByteBuf buffer) throws IOException {
        int length = read(buffer);
        while (length > 0) {
            onRun(buffer.setIndex(0, length));
            length = read(buffer);
        }
    }

    private int read(ByteBuf buffer) throws IOException {
        return socket.recvAddress(buffer.memoryAddress(), 0, buffer.capacity());
    }

    /** Takes a run of datagrams that the kernel has left together, or a single datagram. */
    private void onRun(ByteBuf run) {
        PacketKind kind = PacketKind.of(run);
        if (kind == PacketKind.STUN) {
            answers++;
        }
        if (kind != PacketKind.RTP) {
            return; // Reports of the router are not counted.
        }
        while (run.isReadable()) {
            onPacket(run.readSlice(Math.min(datagramBytes, run.readableBytes())));
        }
    }

    private void onPacket(ByteBuf packet) {
        packets++;
        if (packet.readableBytes() < datagramBytes) {
            faults++;
            return;
        }
        int sequenceNumber = RtpHeader.sequenceNumber(packet);
        if (nextSequenceNumber != UNKNOWN && sequenceNumber != nextSequenceNumber) {
            faults++;
        }
        nextSequenceNumber = (sequenceNumber + 1) & 0xFFFF;
        if (keeping) {
            kept.add(ByteBufUtil.getBytes(packet));
        }
    }

    /** Forgets the faults, and takes the next packet as the first, because it may come from another sender. */
    void restart() {
        faults = 0;
        nextSequenceNumber = UNKNOWN;
    }

    /** Returns the number of packets of media that have arrived. */
    long packets() {
        return packets;
    }

    /** Returns the number of packets with a wrong length, and of gaps in the sequence numbers. */
    long faults() {
        return faults;
    }

    /** Returns the number of connectivity checks that were answered. */
    long answers() {
        return answers;
    }

    /** Returns the packets of media, in the order of arrival. */
    List<byte[]> kept() {
        return kept;
    }

    void close() throws IOException {
        socket.close();
    }
}
