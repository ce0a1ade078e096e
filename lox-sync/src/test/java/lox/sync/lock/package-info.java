@NullMarked
package lox.sync.lock;

import org.jspecify.annotations.NullMarked;
