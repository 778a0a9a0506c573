/** Helpers for tests of the gateway: fake rooms, a signaling client, HTTP requests, captured logs. */
@NullMarked
package org.rotunda.gateway.testkit;

import org.jspecify.annotations.NullMarked;
