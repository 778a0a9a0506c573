/**
 * The REST API for rooms: the table of its resources, their parameters, representations and error bodies. Runs on the
 * actor dispatcher.
 */
@NullMarked
package org.rotunda.gateway.rest;

import org.jspecify.annotations.NullMarked;
