/**
 * Insights: the reports that the SDKs of clients send about themselves over a WebSocket of their own. They are stored, and
 * what is too much is dropped. A client that reports never waits for the database, and a call never for a report.
 */
@NullMarked
package org.rotunda.gateway.insights;

import org.jspecify.annotations.NullMarked;
