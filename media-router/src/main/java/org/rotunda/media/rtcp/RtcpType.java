package org.rotunda.media.rtcp;

/** RTCP packet types (RFC 3550 §12.1, RFC 4585 §6.1) and feedback message types. */
public final class RtcpType {
    public static final int SR = 200;
    public static final int RR = 201;
    public static final int SDES = 202;
    public static final int BYE = 203;
    public static final int APP = 204;
    /** Transport-layer feedback. {@link RtcpCompound#count} is the feedback message type. */
    public static final int RTPFB = 205;
    /** Payload-specific feedback. {@link RtcpCompound#count} is the feedback message type. */
    public static final int PSFB = 206;

    public static final int XR = 207;

    /** Feedback message types of {@link #RTPFB}. */
    public static final int FMT_NACK = 1;

    public static final int FMT_TRANSPORT_FEEDBACK = 15;

    /** Feedback message types of {@link #PSFB}. */
    public static final int FMT_PLI = 1;

    public static final int FMT_FIR = 4;
    /** Application layer feedback. By convention a REMB has this type. */
    public static final int FMT_AFB = 15;

    private RtcpType() {}
}
