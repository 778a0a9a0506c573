package org.rotunda.load.capacity;

/**
 * A kind of rooms.
 *
 * @param name the name for people
 * @param share the part of all participants who are in rooms of this kind, in per cent
 * @param perRoom the mean number of participants of one room
 * @param out the media that a node sends to one participant
 * @param in the media that a node gets from one participant
 */
record RoomKind(String name, double share, double perRoom, Flow out, Flow in) {}
