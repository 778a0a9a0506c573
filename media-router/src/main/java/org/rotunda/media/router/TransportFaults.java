package org.rotunda.media.router;

import org.rotunda.media.transport.Transport;

/** Takes the defects that show in the work for one transport. The transport is closed soon; others go on. */
@FunctionalInterface
interface TransportFaults {
    void onFault(Transport transport, RouterFault place, RuntimeException fault);
}
