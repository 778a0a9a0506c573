/**
 * A tour with the stock helper libraries over all operations of the REST API. {@link org.rotunda.load.library.Tour} has
 * the steps, each written for both libraries, and the test runs them on each database. Tests run on the test thread.
 */
@NullMarked
package org.rotunda.load.library;

import org.jspecify.annotations.NullMarked;
