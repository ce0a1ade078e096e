package lox.contract;

/**
 * Marks a task's failure that nobody may see, by chance: the last subscriber of a gather leaves in the instant in which
 * it fails. It is told of when the gather has become garbage, which can be in a later test.
 */
interface ToldAtAnyTime {}
