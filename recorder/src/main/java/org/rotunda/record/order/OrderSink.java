package org.rotunda.record.order;

/** Takes packets in the order of their sequence numbers, and in the same order the numbers that are missing. */
public interface OrderSink {
    /** Takes ownership of the packet. */
    void packet(MediaPacket packet);

    /** The packets from {@code first} to {@code last}, inclusive, will not come. */
    void missing(long first, long last);
}
