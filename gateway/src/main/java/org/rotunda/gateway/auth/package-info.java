/**
 * Accounts, API keys and access tokens. Pure; callable from any thread.
 */
@NullMarked
package org.rotunda.gateway.auth;

import org.jspecify.annotations.NullMarked;
