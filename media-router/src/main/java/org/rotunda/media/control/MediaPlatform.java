package org.rotunda.media.control;

import java.util.List;

/**
 * The parts of its machine that a media router uses. Constant while the router is open.
 *
 * @param crypto true if the native crypto provider is used, false if the slower one of the JDK is
 * @param epoll true if the sockets use epoll, false if they use NIO
 * @param segmentation true if runs of datagrams leave in one system call (UDP GSO)
 * @param advertised the {@code address:port} of each loop for UDP, as clients are told
 */
public record MediaPlatform(boolean crypto, boolean epoll, boolean segmentation, List<String> advertised) {
    public MediaPlatform {
        advertised = List.copyOf(advertised);
    }
}
