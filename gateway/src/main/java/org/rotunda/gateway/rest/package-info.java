/** The REST API for rooms and participants. Runs on the actor dispatcher. */
@NullMarked
package org.rotunda.gateway.rest;

import org.jspecify.annotations.NullMarked;
