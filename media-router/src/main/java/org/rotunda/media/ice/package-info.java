/**
 * ICE-lite agent of one transport (RFC 8445): connectivity checks, nomination and consent. Runs on the event loop that
 * owns the transport.
 */
@NullMarked
package org.rotunda.media.ice;

import org.jspecify.annotations.NullMarked;
