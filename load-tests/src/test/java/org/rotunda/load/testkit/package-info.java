/**
 * Helpers for tests that run against a node: a wait for conditions, a client of the REST API, and proxies between
 * clients and nodes. The helpers run on the test thread; proxies have threads of their own.
 */
@NullMarked
package org.rotunda.load.testkit;

import org.jspecify.annotations.NullMarked;
