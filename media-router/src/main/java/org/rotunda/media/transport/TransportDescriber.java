package org.rotunda.media.transport;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.rotunda.media.congestion.DownlinkController;
import org.rotunda.media.control.RouterRoomView.ReceivedTrackView;
import org.rotunda.media.control.RouterRoomView.SentTrackView;
import org.rotunda.media.control.RouterRoomView.TransportView;
import org.rotunda.media.feedback.SendStatistics;
import org.rotunda.media.ice.TcpRemote;

/** Creates the view of one transport for troubleshooting. Used on the loop that owns the transport. */
record TransportDescriber(
        Transport transport,
        ConnectionState connection,
        IcePath path,
        DtlsRecords dtls,
        RtcpExchange rtcp,
        TransportMedia media,
        TransportNegotiation negotiation) {
    private static final double NANOS_PER_MILLI = 1e6;

    TransportView describe(
            long desiredEpoch, long desiredVersion, List<ReceivedTrackView> received, List<SentTrackView> sent) {
        SocketAddress remote = path.destination();
        DownlinkController control = media.egress().control();
        Map<String, Long> drops = new HashMap<>();
        transport.addDropsTo(drops);
        return new TransportView(
                transport.id(),
                connection.state(),
                path.state(),
                dtls.state(),
                remote == null ? null : text(remote),
                rtcp.rttNanos() == SendStatistics.RTT_UNKNOWN ? -1 : rtcp.rttNanos() / NANOS_PER_MILLI,
                control == null ? 0 : control.estimateBps(),
                transport.desiredBps(),
                transport.sentBps(rtcp.nowNanos()),
                control == null ? 0 : control.queueMillis(),
                media.steppedDown(),
                negotiation.awaitsAnswer(),
                desiredEpoch,
                desiredVersion,
                received,
                sent,
                transport.forwardedPackets(),
                transport.keyFrameRequests(),
                drops);
    }

    private static String text(SocketAddress remote) {
        InetSocketAddress address = TcpRemote.addressOf(remote);
        return (remote instanceof TcpRemote ? "tcp " : "")
                + address.getAddress().getHostAddress() + ":" + address.getPort();
    }
}
