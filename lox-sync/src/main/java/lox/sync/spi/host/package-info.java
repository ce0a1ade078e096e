/**
 * What a kind of worker processes is to their pool: who starts one, and the connection to it. Implemented for this
 * machine by lox-sync, for other machines by lox-cluster. Changes without notice.
 */
@NullMarked
package lox.sync.spi.host;

import org.jspecify.annotations.NullMarked;
