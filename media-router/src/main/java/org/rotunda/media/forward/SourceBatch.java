package org.rotunda.media.forward;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The packets of one {@link SourceTrack} that wait until the input of the event loop ends. Then they are forwarded
 * subscriber by subscriber, so that what goes to one subscriber leaves together, and its state is in the processor's cache
 * from the second packet on.
 *
 * <p>Nothing that decides about a packet may change while the packet waits. {@link SourceTrack#setSettling} says how that
 * is ensured. The objects of the packets are used again. Owned by one event loop.
 */
public final class SourceBatch {
    /** The largest number of packets in a batch. A full batch is forwarded at once. */
    static final int PACKETS_MAX = 128;

    private static final int CAPACITY_START = 4;

    private @Nullable SourcePacket[] packets = {};
    private int size;
    private int longestPayloadBytes;
    private boolean measured; // The measures of all packets are known.

    /** Returns the object that the next packet is parsed into. The packet enters the batch by {@link #keep}. */
    SourcePacket next() {
        if (size == packets.length) {
            packets = Arrays.copyOf(packets, Math.max(CAPACITY_START, 2 * size));
        }
        SourcePacket packet = packets[size];
        if (packet == null) {
            packet = new SourcePacket();
            packets[size] = packet;
        }
        return packet;
    }

    /**
     * Adds the last packet that the source has returned.
     *
     * @param plaintext a copy of the packet, which the batch retains until {@link #clear}
     */
    public void keep(SourcePacket packet, ByteBuf plaintext) {
        packet.setPlaintext(plaintext.retain());
        if (packet != next()) { // The batch was cleared after the packet was parsed.
            swapToEnd(packet);
        }
        size++;
        longestPayloadBytes = Math.max(longestPayloadBytes, packet.payloadLengthBytes());
        measured = false;
    }

    private void swapToEnd(SourcePacket packet) {
        for (int i = size + 1; i < packets.length; i++) {
            if (packets[i] == packet) {
                packets[i] = packets[size];
                packets[size] = packet;
                return;
            }
        }
        throw new IllegalArgumentException("a packet of another source");
    }

    public boolean isFull() {
        return size == PACKETS_MAX;
    }

    public int size() {
        return size;
    }

    /** Returns the length of the longest payload in the batch; 0 if the batch is empty. */
    public int longestPayloadBytes() {
        return longestPayloadBytes;
    }

    public SourcePacket get(int index) {
        SourcePacket packet = packets[index];
        if (packet == null) {
            throw new IndexOutOfBoundsException(index);
        }
        return packet;
    }

    /** Removes all packets and releases their copies. */
    public void clear() {
        for (int i = 0; i < size; i++) {
            SourcePacket packet = get(i);
            packet.plaintext().release();
            packet.setPlaintext(Unpooled.EMPTY_BUFFER);
        }
        size = 0;
        longestPayloadBytes = 0;
    }

    /**
     * Determines {@link SourcePacket#frameMateBytes} of each packet: the length of the longest packet of its frame, so that
     * the frame can leave as one run. The last packet of the frame keeps its own length, because a run may end shorter.
     */
    public void measure() {
        if (measured) {
            return;
        }
        measured = true;
        for (int end = size; end > 0; ) {
            end = measureFrame(end - 1);
        }
    }

    /** Measures the packets of the frame that this packet ends, as far as they stand together. Returns their begin. */
    private int measureFrame(int last) {
        SourcePacket mate = get(last);
        int begin = last;
        int longest = mate.payloadLengthBytes();
        while (begin > 0 && isSameFrame(get(begin - 1), mate)) {
            begin--;
            longest = Math.max(longest, get(begin).payloadLengthBytes());
        }
        for (int i = begin; i < last; i++) {
            get(i).setFrameMateBytes(longest);
        }
        mate.setFrameMateBytes(mate.payloadLengthBytes());
        return begin;
    }

    private static boolean isSameFrame(SourcePacket one, SourcePacket other) {
        return one.encoding() == other.encoding()
                && one.timestamp() == other.timestamp()
                && one.payloadLengthBytes() > 0;
    }
}
