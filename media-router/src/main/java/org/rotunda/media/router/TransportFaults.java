package org.rotunda.media.router;

import org.rotunda.media.transport.Transport;

/**
 * Receives the defects that occur in the work for one transport. The transport is closed at the next drain. The other
 * transports go on.
 */
@FunctionalInterface
interface TransportFaults {
    void onFault(Transport transport, RouterFault place, RuntimeException fault);
}
