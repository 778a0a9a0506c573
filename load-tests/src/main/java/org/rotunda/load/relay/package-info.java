/**
 * A network worse than loopback, in user space: a relay for datagrams between clients and a media router, whose address the router
 * advertises as its own. {@link org.rotunda.load.relay.Link} is without I/O and runs on the thread of its owner;
 * {@link org.rotunda.load.relay.UdpRelay} has an event loop of its own.
 */
@NullMarked
package org.rotunda.load.relay;

import org.jspecify.annotations.NullMarked;
