/**
 * Acceptance tests with the stock SDK in a headless Chromium against one node in the test's JVM. The tests cover calls,
 * errors, resumed sessions, simulcast layers, moves between media nodes, the demo page and the helper library. {@link
 * org.rotunda.load.browser.CallPage} is one user, {@link org.rotunda.load.browser.GroupCall} is a call of several
 * users, and {@code Rig} is the node. Tests with the tag {@code browser} run on the test thread, and only where a
 * browser is provided.
 */
@NullMarked
package org.rotunda.load.browser;

import org.jspecify.annotations.NullMarked;
