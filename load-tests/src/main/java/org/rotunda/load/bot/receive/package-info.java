/**
 * What bots make of what they receive: order, losses, and every fault a decoder would trip over. Sans-IO; runs on the loop of the bot that
 * receives.
 */
@NullMarked
package org.rotunda.load.bot.receive;

import org.jspecify.annotations.NullMarked;
