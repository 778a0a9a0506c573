/** Material, checks and stand-ins for tests of recordings. */
@NullMarked
package org.rotunda.record.testkit;

import org.jspecify.annotations.NullMarked;
