package lox.sync.process;

import lox.sync.internal.serialization.JavaSerialization;

/** Java serialization as a codec. */
final class StandardCodec extends JavaSerialization implements Codec {
    private static final long serialVersionUID = 1L;
}
