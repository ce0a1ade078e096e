package lox.sync.internal.process;

import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Field;
import java.util.concurrent.CountDownLatch;

/** Ways in which a task can take its process down, or try to. */
enum WorkerFault {
    EXCEPTION {
        @Override
        void happen() {
            throw new IllegalStateException("fault");
        }
    },
    EXIT {
        @Override
        void happen() {
            System.err.println("last words");
            System.exit(3);
        }
    },
    HALT {
        @Override
        void happen() {
            System.err.println("last words");
            Runtime.getRuntime().halt(4);
        }
    },
    SEGMENTATION_FAULT {
        @Override
        void happen() {
            writeToAddressZero();
        }
    },
    NO_HEAP {
        @Override
        void happen() {
            Object[] held = {};
            while (true) {
                held = new Object[] {held, new long[1 << 17]};
            }
        }
    },
    NO_METASPACE {
        @Override
        void happen() {
            byte[] file = classFile();
            Object[] held = {};
            while (true) {
                try {
                    held = new Object[] {held, MethodHandles.lookup().defineHiddenClass(file, false)};
                } catch (IllegalAccessException e) {
                    throw new LinkageError("own package", e);
                }
            }
        }
    },
    NO_STACK {
        @Override
        void happen() {
            dive(1);
        }
    },
    KILL {
        @Override
        void happen() {
            try {
                new ProcessBuilder(
                                "kill",
                                "-9",
                                Long.toString(ProcessHandle.current().pid()))
                        .start();
                new CountDownLatch(1).await(); // until that comes true
            } catch (IOException | InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    };

    /** Enough for a child, and little enough to be used up soon. */
    static final String[] NARROW = {"-XX:TieredStopAtLevel=1", "-Xmx64m", "-XX:MaxMetaspaceSize=16m", "-Xss512k"};

    abstract void happen();

    /** Whether it is the end of the process. */
    boolean kills() {
        return this == EXIT || this == HALT || this == SEGMENTATION_FAULT || this == KILL;
    }

    int exitCode() {
        return switch (this) {
            case EXIT -> 3;
            case HALT -> 4;
            case SEGMENTATION_FAULT -> 134;
            case KILL -> 137;
            default -> 0;
        };
    }

    private static int dive(int depth) {
        return depth < 0 ? 0 : dive(depth + 1) + 1;
    }

    private static void writeToAddressZero() {
        try {
            Class<?> type = Class.forName("sun.misc.Unsafe"); // by name: the compiler warns of it
            Field field = type.getDeclaredField("theUnsafe");
            field.setAccessible(true);
            type.getMethod("putAddress", long.class, long.class).invoke(field.get(null), 0L, 0L);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("Unsafe", e);
        }
    }

    private static byte[] classFile() {
        try (InputStream in = WorkerFault.class.getResourceAsStream("WorkerFault$Harmless.class")) {
            return in == null ? new byte[0] : in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** To be defined over and over again. */
    static final class Harmless {}

    /** When the fault is committed. */
    enum Moment {
        READING_THE_ARGUMENT,
        RUNNING,
        WRITING_THE_RESULT
    }

    /** An argument and a result that does it, in whatever process it was not made in. */
    static final class FaultyValue implements Serializable {
        private static final long serialVersionUID = 1L;

        private final long home = ProcessHandle.current().pid();
        private final WorkerFault fault;
        private final Moment moment;

        FaultyValue(WorkerFault fault, Moment moment) {
            this.fault = fault;
            this.moment = moment;
        }

        static Object run(Object argument) {
            if (argument instanceof FaultyValue bomb) {
                bomb.at(Moment.RUNNING);
                return bomb;
            }
            return argument;
        }

        private void at(Moment now) {
            if (moment == now && ProcessHandle.current().pid() != home) {
                fault.happen();
            }
        }

        private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
            in.defaultReadObject();
            at(Moment.READING_THE_ARGUMENT);
        }

        private void writeObject(ObjectOutputStream out) throws IOException {
            out.defaultWriteObject();
            at(Moment.WRITING_THE_RESULT);
        }
    }
}
