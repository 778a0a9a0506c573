/**
 * A simulated network in user space: a relay for datagrams between clients and a media router, which advertises the
 * relay's address as its own. {@link org.rotunda.load.relay.Link} does no I/O and runs on its owner's thread; {@link
 * org.rotunda.load.relay.UdpRelay} has an event loop of its own.
 */
@NullMarked
package org.rotunda.load.relay;

import org.jspecify.annotations.NullMarked;
