/**
 * A simulated network in user space. It relays datagrams between clients and a media router. {@link
 * org.rotunda.load.relay.Link} does no I/O and runs on its owner's thread. {@link org.rotunda.load.relay.UdpRelay} has
 * its own event loop.
 */
@NullMarked
package org.rotunda.load.relay;

import org.jspecify.annotations.NullMarked;
