/** Helpers for tests of the gateway: rooms that a test plays, a signaling client, HTTP requests, captured logs. */
@NullMarked
package org.rotunda.gateway.testkit;

import org.jspecify.annotations.NullMarked;
