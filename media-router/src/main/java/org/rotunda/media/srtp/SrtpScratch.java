package org.rotunda.media.srtp;

/**
 * Arrays in which the SRTP sessions of one event loop handle a packet. Sessions share them, because a loop handles one
 * packet at a time, and arrays of each session's own would seldom be in the processor's cache.
 */
public final class SrtpScratch {
    final byte[] in = new byte[PacketCipher.PACKET_LENGTH_MAX];
    final byte[] out = new byte[PacketCipher.PACKET_LENGTH_MAX + SrtpSession.OVERHEAD_BYTES_MAX];
}
