/** A command did not come to a good end; the message is all that the person who ran it has to know. */
export class Failed extends Error {}
