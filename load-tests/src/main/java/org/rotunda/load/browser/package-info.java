/**
 * Stock browsers and the stock SDK, driven by tests. Runs on the test thread.
 */
@NullMarked
package org.rotunda.load.browser;

import org.jspecify.annotations.NullMarked;
